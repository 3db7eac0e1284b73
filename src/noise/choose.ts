import type { Backend, BackendName } from './backend.ts';
import { loadNoble } from './load-noble.ts';
import { createNativeBackend } from './native.ts';
import { loadSodium } from './sodium.ts';

const chosen = new Map<BackendName, Backend>();

/**
 * The backend of that name; without a name the one that the environment variable FARTHING_BACKEND names, else
 * `native` where it works, else `noble`. The same object for every call in a thread.
 * @throws RangeError for an unknown name, Error for a backend that was asked for by name and does not work
 *   here
 * @example
 * ```ts
 * import { chooseBackend } from 'farthing/link';
 *
 * console.log(chooseBackend('noble').name); // noble
 * ```
 */
export function chooseBackend(name?: BackendName): Backend {
  const wanted = name ?? process.env['FARTHING_BACKEND'];
  if (wanted) {
    return backendOf(wanted);
  }
  try {
    return backendOf('native');
  } catch {
    return backendOf('noble');
  }
}

function backendOf(name: string): Backend {
  if (name !== 'noble' && name !== 'native') {
    throw new RangeError(`unknown crypto backend '${name}': it is noble or native`);
  }
  const known = chosen.get(name);
  if (known !== undefined) {
    return known;
  }
  const backend = name === 'noble' ? loadNoble() : createNativeBackend(loadSodium());
  chosen.set(name, backend);
  return backend;
}
