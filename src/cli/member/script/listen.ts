import type { Wallet } from '../../../client/index.ts';
import { type Currency, formatAddress, MAX_PORT } from '../../../protocol/index.ts';
import { readInteger } from '../../shell/arguments.ts';
import { EXIT, type ExitStatus } from '../../shell/exit-status.ts';
import { printable } from '../../text/printable.ts';
import {
  friendEventLine,
  givesLines,
  presenceLine,
  saidLines,
  serverSaysLines,
  transferDocument,
  unconfirmedLines,
} from '../../text/words.ts';
import { whyClosed } from '../failures/why-closed.ts';
import type { Run, ScriptContext } from './command.ts';
import { type LoggedIn, loggedIn } from './connected.ts';
import { EventLines } from './event-lines.ts';

export const run: Run = async (context) => {
  const listenPort = readInteger(context.values.port ?? '0', '--port', 0, MAX_PORT);
  const lines = new EventLines(context.out);
  const ended = Promise.withResolvers<ExitStatus>();
  // Where the login fails, that error is reported, and nobody awaits this one.
  ended.promise.catch(() => {});
  process.stdout.once('error', () => ended.resolve(EXIT.unwritten));
  let isListening = false;
  return loggedIn(
    context,
    (loggedIn) => {
      isListening = true;
      tellReady(loggedIn, context);
      lines.begin();
      return ended.promise.finally(() => lines.finish());
    },
    {
      listenPort,
      reconnect: true,
      watch: (wallet) => {
        tellWhatComes(wallet, lines, context);
        tellLinkChanges(wallet, lines, context);
        wallet.on('close', (error) =>
          error === undefined ? ended.resolve(EXIT.notAuthenticated) : ended.reject(whyClosed(error)),
        );
      },
      onSignal: (status) => (isListening ? ended.resolve(status) : process.exit(status)),
    },
  );
};

function tellReady({ wallet, account, view }: LoggedIn, { out }: ScriptContext): void {
  const server = formatAddress({ ...account.address, key: wallet.serverKey });
  out.done({ event: 'listening', name: view.name, port: wallet.peerPort ?? null, server }, () => [
    `${out.paint.name(view.name)} is online; direct links come to port ${wallet.peerPort}. Ctrl-C ends.`,
  ]);
}

/** Tells what other people do. */
function tellWhatComes(wallet: Wallet, lines: EventLines, { out }: ScriptContext): void {
  wallet.on('paid', ({ transfer, directly }) => {
    const delivered = directly ? 'directly' : 'through the server';
    lines.always(() => {
      const currency = currencyOf(wallet);
      return out.text({ event: 'paid', ...transferDocument(transfer, currency), delivered }, () =>
        givesLines(transfer, currency, delivered, out.width, out.paint),
      );
    });
  });
  wallet.on('unconfirmed', ({ transfer }) => {
    lines.unlessUnread(() => {
      const currency = currencyOf(wallet);
      return out.text({ event: 'unconfirmed', ...transferDocument(transfer, currency) }, () =>
        unconfirmedLines(transfer, currency, out.width, out.paint),
      );
    });
  });
  wallet.on('said', ({ from, text }) => {
    lines.unlessUnread(() =>
      out.text({ event: 'message', from, text }, () => saidLines(from, text, out.width, out.paint)),
    );
  });
  wallet.on('friend', ({ name, state }) => {
    lines.unlessUnread(() =>
      out.text({ event: 'friend', name, state }, () => [friendEventLine(name, state, out.paint)]),
    );
  });
  wallet.on('presence', ({ name, online }) => {
    lines.unlessUnread(() =>
      out.text({ event: 'presence', name, online }, () => [presenceLine(name, online, out.paint)]),
    );
  });
}

/** Tells what the server and the link to it do. */
function tellLinkChanges(wallet: Wallet, lines: EventLines, { out }: ScriptContext): void {
  wallet.on('notice', (text) => {
    lines.unlessUnread(() => out.text({ event: 'notice', text }, () => serverSaysLines(text, out.width)));
  });
  wallet.on('kicked', (text) => {
    lines.always(() => out.text({ event: 'kicked', text }, () => serverSaysLines(text, out.width)));
  });
  wallet.on('lost', (error) => {
    const text = error.message;
    lines.always(() => out.text({ event: 'lost', text }, () => [`The server is lost: ${printable(text)}`]));
  });
  wallet.on('retrying', ({ attempt, delayMs }) => {
    lines.always(() =>
      out.text({ event: 'retrying', attempt, delayMs }, () => [`Trying again in ${delayMs / 1000} s`]),
    );
  });
  wallet.on('restored', () => {
    lines.always(() => out.text({ event: 'restored' }, () => ['The server is back']));
  });
}

/** Nothing is told before the login is answered, and then the currency is known. */
function currencyOf(wallet: Wallet): Currency {
  if (wallet.currency === undefined) {
    throw new Error('money before the login');
  }
  return wallet.currency;
}
