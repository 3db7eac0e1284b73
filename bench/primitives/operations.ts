import { chooseBackend } from '../../src/noise/index.ts';
import { backendOperations } from './backend.ts';
import type { OperationName } from './names.ts';
import { nodeCryptoOperations } from './node-crypto.ts';

export const PROVIDERS = ['farthing', 'farthing-noble', 'node-crypto'] as const;

export type Provider = (typeof PROVIDERS)[number];

/** Throws where the provider, or that operation of it, does not work on this machine. */
export function operationOf(provider: Provider, name: OperationName): () => unknown {
  const operations =
    provider === 'node-crypto'
      ? nodeCryptoOperations()
      : backendOperations(chooseBackend(provider === 'farthing' ? 'native' : 'noble'));
  const operation = operations[name];
  operation();
  return operation;
}
