import { isIPv6 } from 'node:net';

/**
 * The network that one source can be taken to have for itself: an IPv4 address, or the first 64 bits of an
 * IPv6 address (RFC 6177: nobody is given less). `host`: an address as a link's `remoteHost` has it.
 *
 * @example
 * ```ts
 * import { sourceNetwork } from 'farthing/link';
 *
 * console.log(sourceNetwork('192.0.2.1')); // 192.0.2.1
 * console.log(sourceNetwork('2001:db8::1')); // 2001:db8:0:0::/64
 * ```
 */
export function sourceNetwork(host: string): string {
  if (!isIPv6(host)) {
    return host;
  }
  const [head = '', tail] = (host.split('%')[0] ?? '').split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const last = tail === '' ? [] : tail.split(':');
    while (groups.length + last.length < 8) {
      groups.push('0');
    }
    groups.push(...last);
  }
  const network = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}
