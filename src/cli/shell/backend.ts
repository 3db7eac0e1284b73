/** Which cryptography is to be used, where somebody says so. */
import { readChoice } from './arguments.ts';

export type BackendChoice = 'native' | 'noble';

const VARIABLE = 'FARTHING_BACKEND';
const CHOICES = ['native', 'noble'] as const;

/** What `--backend` says, else FARTHING_BACKEND. @throws UsageError */
export function readBackend(
  option: string | undefined,
  env: NodeJS.ProcessEnv = process.env,
): BackendChoice | undefined {
  if (option !== undefined) {
    return readChoice(option, '--backend', CHOICES);
  }
  const fromEnv = env[VARIABLE];
  return fromEnv === undefined || fromEnv === '' ? undefined : readChoice(fromEnv, VARIABLE, CHOICES);
}

/** Has all of this process, and the threads that it starts from now on, use it. */
export function forceBackend(choice: BackendChoice | undefined): void {
  if (choice !== undefined) {
    process.env[VARIABLE] = choice;
  }
}
