import { networkInterfaces } from 'node:os';

/** What a listener answers that takes connections on all addresses of the machine. */
const ANY: ReadonlySet<string> = new Set(['::', '0.0.0.0']);

/**
 * A host under which clients can reach a server that listens on `listening`: that address itself, or, where
 * it is all addresses, the machine's first in its network, or without a network the loopback address.
 *
 * @param interfaces the machine's addresses
 */
export function reachableHost(listening: string, interfaces = networkInterfaces): string {
  if (!ANY.has(listening)) {
    return listening;
  }
  return networkAddress(interfaces) ?? '127.0.0.1';
}

function networkAddress(interfaces: typeof networkInterfaces): string | undefined {
  try {
    const addresses = Object.values(interfaces()).flatMap((some) => some ?? []);
    return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
  } catch {
    // A service may be kept from asking (Linux tells it over a socket of its own kind): a server needs no
    // answer.
    return undefined;
  }
}
