import { formatAddress, type Wallet } from '../../client/index.ts';
import { MAX_PORT } from '../../protocol/index.ts';
import { readInteger } from '../arguments.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { whyClosed } from '../explain.ts';
import { printable } from '../printable.ts';
import {
  friendEventLine,
  givesLines,
  presenceLine,
  saidLines,
  serverSaysLines,
  transferDocument,
  unconfirmedLines,
} from '../words.ts';
import type { Run, ScriptContext } from './command.ts';
import { type LoggedIn, loggedIn } from './session.ts';

export const run: Run = async (context) => {
  const listenPort = readInteger(context.values.port ?? '0', '--port', 0, MAX_PORT);
  const ended = Promise.withResolvers<ExitStatus>();
  const onInterrupt = () => ended.resolve(EXIT.interrupted);
  process.on('SIGTERM', () => ended.resolve(EXIT.terminated));
  process.stdout.once('error', () => ended.resolve(EXIT.unwritten));
  return loggedIn(
    context,
    async (session) => {
      tellWhatComes(session, context);
      tellLinkChanges(session.wallet, context);
      session.wallet.on('close', (error) =>
        error === undefined ? ended.resolve(EXIT.notAuthenticated) : ended.reject(whyClosed(error)),
      );
      tellReady(session, context);
      return ended.promise;
    },
    { listenPort, reconnect: true, onInterrupt },
  );
};

function tellReady({ wallet, account, view }: LoggedIn, { out }: ScriptContext): void {
  const server = formatAddress({ ...account.address, key: wallet.serverKey });
  out.done({ event: 'listening', name: view.name, port: wallet.peerPort ?? null, server }, () => [
    `${out.paint.name(view.name)} is online; direct links come to port ${wallet.peerPort}. Ctrl-C ends.`,
  ]);
}

/** What other people do. */
function tellWhatComes({ wallet, view: { currency } }: LoggedIn, { out }: ScriptContext): void {
  wallet.on('paid', ({ transfer, directly }) => {
    const delivered = directly ? 'directly' : 'through the server';
    out.data({ event: 'paid', ...transferDocument(transfer, currency), delivered }, () =>
      givesLines(transfer, currency, delivered, process.stdout.columns, out.paint),
    );
  });
  wallet.on('unconfirmed', ({ transfer }) => {
    out.data({ event: 'unconfirmed', ...transferDocument(transfer, currency) }, () =>
      unconfirmedLines(transfer, currency, process.stdout.columns, out.paint),
    );
  });
  wallet.on('said', ({ from, text }) => {
    out.data({ event: 'message', from, text }, () =>
      saidLines(from, text, process.stdout.columns, out.paint),
    );
  });
  wallet.on('friend', ({ name, state }) => {
    out.data({ event: 'friend', name, state }, () => [friendEventLine(name, state, out.paint)]);
  });
  wallet.on('presence', ({ name, online }) => {
    out.data({ event: 'presence', name, online }, () => [presenceLine(name, online, out.paint)]);
  });
}

/** What the server and the link to it do. */
function tellLinkChanges(wallet: Wallet, { out }: ScriptContext): void {
  wallet.on('notice', (text) => {
    out.data({ event: 'notice', text }, () => serverSaysLines(text, process.stdout.columns));
  });
  wallet.on('kicked', (text) => {
    out.data({ event: 'kicked', text }, () => serverSaysLines(text, process.stdout.columns));
  });
  wallet.on('lost', (error) => {
    const text = error.message;
    out.data({ event: 'lost', text }, () => [`The server is lost: ${printable(text)}`]);
  });
  wallet.on('retrying', ({ attempt, delayMs }) => {
    out.data({ event: 'retrying', attempt, delayMs }, () => [`Trying again in ${delayMs / 1000} s`]);
  });
  wallet.on('restored', () => {
    out.data({ event: 'restored' }, () => ['The server is back']);
  });
}
