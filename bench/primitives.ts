import { type Case, type Contender, type Running, Unavailable } from './case.ts';
import { OPERATIONS, type OperationName } from './primitives/names.ts';
import { operationOf, PROVIDERS, type Provider } from './primitives/operations.ts';
import { startSampler } from './sampler.ts';

/** Seconds of a round at most: hundreds of the slowest operation, and there are many operations. */
const LONGEST_ROUND_S = 0.2;

const PROCESS = new URL('primitives/operation.process.ts', import.meta.url);

const DETAILS: Record<Provider, string> = {
  farthing: "the native backend, as Farthing's handshakes and records call it",
  'farthing-noble': 'the noble backend: plain JavaScript',
  'node-crypto': 'node:crypto, called as its documentation shows',
};

/**
 * The cryptography alone, one operation a case, in a process of its own: no socket, and nobody to wait for.
 */
export const PRIMITIVES: readonly Case[] = OPERATIONS.map(({ name, title }) => ({
  name: `primitives-${name}`,
  title: `${title}; one after the other`,
  unit: 'operations/s',
  better: 'more',
  reference: 'node-crypto',
  extraSeconds: LONGEST_ROUND_S - 1, // a round of a second is cut short
  contenders: PROVIDERS.map((provider) => contender(name, provider)),
}));

function contender(operation: OperationName, provider: Provider): Contender {
  return {
    name: provider,
    detail: DETAILS[provider],
    async start(): Promise<Running> {
      try {
        operationOf(provider, operation);
      } catch (cause) {
        throw new Unavailable(cause instanceof Error ? cause.message : String(cause));
      }
      const running = await startSampler(PROCESS, [operation, provider]);
      return {
        measure: (seconds) => running.measure(Math.min(seconds, LONGEST_ROUND_S)),
        close: running.close,
      };
    },
  };
}
