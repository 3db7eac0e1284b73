import type { Backend, Encapsulation, KemKeyPair } from '../../noise/support/internals.ts';

/**
 * A backend whose randomness is what `random` says, so that the same thing done twice has the same bytes; and
 * which remembers its public-key operations, because thousands of tests differ in one byte only.
 * `encapsulationSeed`: 32 bytes of randomness for each encapsulation; where it is absent the first ciphertext
 * for a key is random, and then the same again.
 */
export function steadyBackend(
  base: Backend,
  random: (length: number) => Uint8Array,
  encapsulationSeed?: Uint8Array,
): Backend {
  const encapsulations = new Map<string, Encapsulation>();
  const pairs = new Map<string, KemKeyPair>();
  return {
    ...base,
    randomBytes: (length) => Uint8Array.from(random(length)),
    x25519PublicKey: remembering((secretKey) => base.x25519PublicKey(secretKey)),
    x25519: remembering((secretKey, publicKey) => base.x25519(secretKey, publicKey)),
    kemEncapsulate(publicKey) {
      const known = recall(encapsulations, [publicKey], () =>
        base.kemEncapsulate(publicKey, encapsulationSeed),
      );
      return { ciphertext: known.ciphertext, sharedSecret: Uint8Array.from(known.sharedSecret) };
    },
    kemGenerate: (secret) =>
      recall(pairs, [secret], () => {
        const pair = base.kemGenerate(secret);
        const decapsulate = remembering((ciphertext) => pair.decapsulate(ciphertext));
        return { publicKey: pair.publicKey, decapsulate, drop: () => {} };
      }),
  };
}

/** The same function, which computes nothing twice. Each result is the caller's own, to be wiped. */
function remembering<Inputs extends Uint8Array[]>(
  compute: (...inputs: Inputs) => Uint8Array,
): (...inputs: Inputs) => Uint8Array {
  const known = new Map<string, Uint8Array>();
  return (...inputs) => Uint8Array.from(recall(known, inputs, () => compute(...inputs)));
}

function recall<T>(known: Map<string, T>, inputs: readonly Uint8Array[], compute: () => T): T {
  const key = Buffer.concat(inputs).toString('latin1');
  const found = known.get(key) ?? compute();
  known.set(key, found);
  return found;
}
