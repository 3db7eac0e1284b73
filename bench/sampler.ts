import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Running, Sample } from './case.ts';

type Answer = { readonly ready: true } | { readonly sample: Sample } | { readonly error: string };

/**
 * Starts a process that {@link answer}s, with those arguments. Ends with this process, whatever happens to
 * it.
 */
export async function startSampler(file: URL, args: readonly string[]): Promise<Running> {
  const child = fork(file, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const exited = once(child, 'exit');
  const next = async (): Promise<Answer> => {
    const gone = exited.then(([code, signal]): never => {
      throw new Error(`its process ended with ${signal ?? code}`);
    });
    const [answer]: [Answer] = (await Promise.race([once(child, 'message'), gone])) as [Answer];
    if ('error' in answer) {
      throw new Error(answer.error);
    }
    return answer;
  };
  const close = async (): Promise<void> => {
    if (child.connected) {
      child.disconnect();
    }
    await exited;
  };
  try {
    await next();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    async measure(seconds) {
      child.send({ seconds });
      const answer = await next();
      if (!('sample' in answer)) {
        throw new Error('its process did not answer what it was asked');
      }
      return answer.sample;
    },
    close,
  };
}

/** In the process of a sampler: measures whenever it is asked to, until there is nobody to ask. */
export function answer(measure: (seconds: number) => Sample | Promise<Sample>): void {
  // Who asked may have gone meanwhile: the error goes to the callback, and `disconnect` ends this process.
  const send = (message: Answer): void => void process.send?.(message, () => {});
  const reply = async (seconds: number): Promise<void> => {
    try {
      send({ sample: await measure(seconds) });
    } catch (error) {
      send({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  };
  process.on('message', ({ seconds }: { seconds: number }) => void reply(seconds));
  process.on('disconnect', () => process.exit());
  process.on('SIGINT', () => {}); // at a terminal it comes to all: who asked decides
  send({ ready: true });
}
