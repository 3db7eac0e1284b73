import { createInterface } from 'node:readline';
import { EXIT } from './exit-status.ts';

/** Asks a person for one line; undefined when they would not answer. */
export type AskPerson = (question: string) => Promise<string | undefined>;

/** How to ask the person at the terminal; undefined where there is none, or `input` forbids it. */
export function terminalQuestion(input: boolean): AskPerson | undefined {
  return input && process.stdin.isTTY && process.stderr.isTTY ? askOnTerminal : undefined;
}

/** On standard error: standard output is for data alone. */
function askOnTerminal(question: string): Promise<string | undefined> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    lines.on('SIGINT', () => {
      lines.close();
      process.stderr.write('\n');
      process.exit(EXIT.interrupted);
    });
    lines.on('close', () => resolve(undefined));
    lines.question(question, (answer) => {
      resolve(answer);
      lines.close();
    });
  });
}

/** Asks until the answer is yes or no. */
export async function saysYes(ask: AskPerson, question: string): Promise<boolean> {
  let answer = await ask(question);
  while (answer !== undefined && !/^(y|yes|n|no)$/i.test(answer.trim())) {
    answer = await ask('Please type yes or no: ');
  }
  return answer !== undefined && /^y/i.test(answer.trim());
}
