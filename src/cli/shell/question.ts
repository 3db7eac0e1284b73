import { createInterface } from 'node:readline';
import type { Ask } from '../member/trust.ts';
import { EXIT } from './exit-status.ts';

/** How to ask the person at the terminal; undefined where there is none, or `input` forbids it. */
export function terminalQuestion(input: boolean): Ask | undefined {
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
