import { DEFAULT_PORT } from './limits.ts';

/** Where a server is, and where it is known by which key. */
export interface Address {
  /** A name or an address; one of IPv6 without brackets. */
  readonly host: string;
  /** 1 to 65535. */
  readonly port: number;
  /** The server's static key (32 bytes), when the address tells it. */
  readonly key: Uint8Array | undefined;
}

const SCHEME = 'farthing://';
// [host in brackets] or host, then perhaps :port, then perhaps #key. A host is shown to people: nothing
// invisible.
const SHAPE =
  /^(?:\[([0-9a-fA-F:.]+(?:%[\w.-]+)?)\]|([^\s\p{C}:/#@[\]]+))(?::([0-9]{1,5}))?(?:#([0-9a-fA-F]{64}))?$/u;

/**
 * Reads `farthing://host:port#<64 hex>`, and the shorter `host:port` and `host` (then the default port).
 * An IPv6 address stands in brackets. Returns undefined for anything else.
 *
 * @example
 * ```ts
 * import { parseAddress } from 'farthing';
 *
 * const { host, port, key } = parseAddress(server.address) ?? {};
 * console.log(host, port === server.port, key?.length); // 127.0.0.1 true 32
 * console.log(parseAddress('not an address')); // undefined
 * ```
 */
export function parseAddress(text: string): Address | undefined {
  const parts = SHAPE.exec(text.startsWith(SCHEME) ? text.slice(SCHEME.length) : text);
  if (parts === null) {
    return undefined;
  }
  const [, bracketed, plain, portText, keyText] = parts;
  const host = bracketed ?? plain;
  const port = portText === undefined ? DEFAULT_PORT : Number(portText);
  if (host === undefined || port < 1 || port > 65_535) {
    return undefined;
  }
  return { host, port, key: keyText === undefined ? undefined : new Uint8Array(Buffer.from(keyText, 'hex')) };
}

/** `host:port`, an IPv6 address in brackets: the name under which a server is known. */
export function formatEndpoint(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/**
 * `farthing://host:port#<64 hex>`, without the last part when the key is not known.
 *
 * @example
 * ```ts
 * import { formatAddress } from 'farthing';
 *
 * const address = { host: '2001:db8::1', port: 1960, key: undefined };
 * console.log(formatAddress(address)); // farthing://[2001:db8::1]:1960
 * ```
 */
export function formatAddress(address: Address): string {
  const fragment = address.key === undefined ? '' : `#${Buffer.from(address.key).toString('hex')}`;
  return `${SCHEME}${formatEndpoint(address.host, address.port)}${fragment}`;
}
