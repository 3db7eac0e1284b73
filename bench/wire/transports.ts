import type { Transport } from './connection.ts';
import { farthing, farthingNoble, farthingPq, farthingPqNoble } from './contenders/farthing.ts';
import { plain } from './contenders/plain.ts';
import { secretStream } from './contenders/secret-stream.ts';
import { tls, tlsChaCha20, tlsEd25519, tlsMlKem, tlsMlKemResumed, tlsResumed } from './contenders/tls.ts';

/** All transports, by the key that a process is told. */
export const TRANSPORTS: Readonly<Record<string, Transport>> = {
  farthing,
  farthingNoble,
  farthingPq,
  farthingPqNoble,
  plain,
  secretStream,
  tls,
  tlsChaCha20,
  tlsEd25519,
  tlsMlKem,
  tlsMlKemResumed,
  tlsResumed,
};
