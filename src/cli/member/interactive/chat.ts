import { readName, readText } from '../../shell/inputs.ts';
import { printable } from '../../text/printable.ts';
import { askFor, isLoggedIn, type Prompt } from './prompt.ts';

/** Says one thing to somebody. What was typed stands on the screen already: only what goes wrong is shown. */
export async function say(prompt: Prompt, to: string, text: string): Promise<void> {
  if (isLoggedIn(prompt)) {
    await prompt.wallet.say(readName(to), readText(text));
  }
}

/** From now on every line goes to one person. */
export async function startChat(prompt: Prompt, typed: string | undefined): Promise<void> {
  if (!isLoggedIn(prompt)) {
    return;
  }
  const whom = typed ?? (await askFor(prompt, 'With whom'));
  if (whom === undefined) {
    return;
  }
  const person = await prompt.wallet.lookup(readName(whom));
  const name = printable(person.name);
  if (!person.online) {
    prompt.screen.print(`${name} is not online`);
    return;
  }
  prompt.chatWith = person.name;
  prompt.screen.print(prompt.paint.faint(`Every line goes to ${name} now. /end or Ctrl-C ends the chat.`));
}

/**
 * One line of a chat. An empty one is ignored: it must not end the chat in the middle of a paste, whose other
 * lines would become commands.
 */
export async function chatLine(prompt: Prompt, whom: string, line: string): Promise<void> {
  const text = line.trim();
  if (text === '/end') {
    endChat(prompt);
  } else if (text !== '') {
    await prompt.wallet.say(whom, readText(line));
  }
}

/** Back to commands. */
export function endChat(prompt: Prompt): void {
  prompt.chatWith = undefined;
  prompt.screen.print(prompt.paint.faint('The chat is over.'));
}
