/** What comes by itself, shown above the line being typed. */
import type { Wallet } from '../../../client/index.ts';
import { formatEndpoint } from '../../../protocol/index.ts';
import { EXIT } from '../../shell/exit-status.ts';
import { printable } from '../../text/printable.ts';
import {
  friendEventLine,
  givesLines,
  presenceLine,
  saidLines,
  serverSaysLines,
  serverTextLines,
  unconfirmedLines,
  viewLines,
} from '../../text/words.ts';
import { explain } from '../failures/explain.ts';
import { whyClosed } from '../failures/why-closed.ts';
import type { Prompt } from './prompt.ts';

/** Shows everything that the wallet tells from now on. */
export function showEvents(prompt: Prompt): void {
  showPeople(prompt);
  showMoney(prompt);
  showServer(prompt);
}

function showMoney({ wallet, screen, paint }: Prompt): void {
  wallet.on('paid', ({ transfer, directly }) => {
    const how = directly ? 'directly' : 'through the server';
    screen.print(...givesLines(transfer, currencyOf(wallet), how, screen.columns, paint));
  });
  wallet.on('unconfirmed', ({ transfer }) => {
    screen.offer(...unconfirmedLines(transfer, currencyOf(wallet), screen.columns, paint));
  });
}

function showPeople({ wallet, screen, paint, names }: Prompt): void {
  wallet.on('said', ({ from, text }) => screen.offer(...saidLines(from, text, screen.columns, paint)));
  wallet.on('friend', ({ name, state }) => screen.offer(friendEventLine(name, state, paint)));
  wallet.on('presence', ({ name, online }) => {
    if (online) {
      names.add(name);
    } else {
      names.remove(name);
    }
    screen.offer(presenceLine(name, online, paint));
  });
}

function showServer(prompt: Prompt): void {
  const { wallet, screen, paint } = prompt;
  let kicked = false;
  const serverSays = (text: string) => serverSaysLines(text, screen.columns).map(paint.notable);
  wallet.on('notice', (text) => screen.offer(...serverSays(text)));
  wallet.on('kicked', (text) => {
    kicked = true;
    screen.print(...serverSays(text));
  });
  wallet.on('lost', (error) => screen.print(paint.bad(`The server is lost: ${printable(error.message)}`)));
  wallet.on('retrying', ({ attempt, delayMs }) => {
    // The first few attempts follow one another quickly.
    if (attempt === 1 || delayMs >= 1000) {
      screen.print(paint.faint(`Trying again in ${delayMs / 1000} s`));
    }
  });
  wallet.on('restored', (view) => {
    screen.print(paint.gain('The server is back'), ...(view === undefined ? [] : viewLines(view, paint)));
  });
  wallet.on('close', (error) => {
    if (kicked) {
      return prompt.end(EXIT.notAuthenticated);
    }
    if (error === undefined) {
      return prompt.end(EXIT.noConnection);
    }
    const { host, port } = prompt.account.address;
    const { status, text, advice } = explain(whyClosed(error), formatEndpoint(host, port), wallet.name);
    screen.print(...serverTextLines(text, screen.columns).map(paint.bad), ...advice.map(printable));
    prompt.end(status);
  });
}

/** Money comes only to those who are logged in, and they know the currency. */
function currencyOf(wallet: Wallet): { readonly name: string; readonly scale: number } {
  return wallet.currency ?? { name: '', scale: 0 };
}
