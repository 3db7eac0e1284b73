/** The other end of a link's connection. */
export interface Remote {
  /** Its address; an IPv4 address is written as one, also where the socket is one of IPv6. */
  readonly host: string;
  readonly port: number;
}

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
