import { networkInterfaces } from 'node:os';

/** What a listener answers that takes connections on all addresses of the machine. */
const ANY: ReadonlySet<string> = new Set(['::', '0.0.0.0']);

/**
 * A host under which clients can reach a server that listens on `listening`: that address itself, or, where it is all
 * addresses, the machine's first in its network, or without a network the loopback address.
 */
export function reachableHost(listening: string): string {
  if (!ANY.has(listening)) return listening;
  for (const addresses of Object.values(networkInterfaces())) {
    for (const { family, internal, address } of addresses ?? []) {
      if (family === 'IPv4' && !internal) return address;
    }
  }
  return '127.0.0.1';
}

/** What a server publishes: `farthing://host:port#<64 hex>`, an IPv6 host in brackets. `key`: 32 bytes. */
export function serverAddress(host: string, port: number, key: Uint8Array): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return `farthing://${name}:${port}#${Buffer.from(key).toString('hex')}`;
}
