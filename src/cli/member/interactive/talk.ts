import { readName, readText } from '../../shell/inputs.ts';
import { printable } from '../../text/printable.ts';
import { askFor, isLoggedIn, type Session } from './session.ts';

/** Says one thing to somebody. What was typed stands on the screen already: only what goes wrong is shown. */
export async function say(session: Session, to: string, text: string): Promise<void> {
  if (isLoggedIn(session)) await session.wallet.say(readName(to), readText(text));
}

/** From now on every line goes to one person. */
export async function startChat(session: Session, typed: string | undefined): Promise<void> {
  if (!isLoggedIn(session)) return;
  const whom = typed ?? (await askFor(session, 'With whom'));
  if (whom === undefined) return;
  const person = await session.wallet.lookup(readName(whom));
  const name = printable(person.name);
  if (!person.online) {
    session.screen.print(`${name} is not online`);
    return;
  }
  session.chatWith = person.name;
  session.screen.print(session.paint.faint(`Every line goes to ${name} now. /end or Ctrl-C ends the chat.`));
}

/** One line of a chat. An empty one is none: in what is pasted, it must not make commands of the lines behind it. */
export async function chatLine(session: Session, whom: string, line: string): Promise<void> {
  const text = line.trim();
  if (text === '/end') endChat(session);
  else if (text !== '') await session.wallet.say(whom, readText(line));
}

/** Back to commands. */
export function endChat(session: Session): void {
  session.chatWith = undefined;
  session.screen.print(session.paint.faint('The chat is over.'));
}
