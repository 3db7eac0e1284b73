import { isIPv6 } from 'node:net';
import type { Remote } from './link.ts';

/** The other end of a socket, as long as it has one. */
export function remoteOf(socket: {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
}): Remote {
  return { host: plainHost(socket.remoteAddress ?? ''), port: socket.remotePort ?? 0 };
}

/** The address as people write it: `::ffff:192.0.2.1` (RFC 4291 2.5.5.2) is 192.0.2.1. */
export function plainHost(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}

/**
 * The network that one source can be taken to have for itself: an IPv4 address, or the first 64 bits of an IPv6 address
 * (RFC 6177: nobody is given less). `host` as {@link plainHost} gives it.
 */
export function sourceNetwork(host: string): string {
  if (!isIPv6(host)) return host;
  const [head = '', tail] = (host.split('%')[0] ?? '').split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const last = tail === '' ? [] : tail.split(':');
    while (groups.length + last.length < 8) groups.push('0');
    groups.push(...last);
  }
  const network = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}
