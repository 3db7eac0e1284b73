import { Admission, type AdmissionLimits, DEFAULT_ADMISSION, SourceCounts } from '../../link/index.ts';
import { MAX_LINKS, MIN_LINKS_PER_ADDRESS, SHARE_PER_ADDRESS } from '../limits.ts';
import type { ServerOptions } from '../options.ts';

/** What all gateways of a server share, each of them handed the same memory. */
export interface SharedCounts {
  /** Who is connected, a page for each gateway. */
  readonly census: Int32Array;
  /** One number: the links made so far. 32 bits would last some days of a flood. */
  readonly conns: BigInt64Array;
  readonly limits: AdmissionLimits;
}

/** Nobody is connected yet. */
export function newSharedCounts(
  gateways: number,
  options: Pick<ServerOptions, 'maxConnections' | 'maxConnectionsPerAddress'> = {},
): SharedCounts {
  return {
    census: SourceCounts.memory(gateways),
    conns: new BigInt64Array(new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT)),
    limits: admissionLimits(options),
  };
}

/** The bounds that the options set. */
export function admissionLimits({
  maxConnections: links = MAX_LINKS,
  maxConnectionsPerAddress,
}: Pick<ServerOptions, 'maxConnections' | 'maxConnectionsPerAddress'>): AdmissionLimits {
  const share = Math.max(MIN_LINKS_PER_ADDRESS, Math.floor(links / SHARE_PER_ADDRESS));
  return { ...DEFAULT_ADMISSION, links, linksPerSource: maxConnectionsPerAddress ?? share };
}

/** Who may connect to this gateway. */
export function gatewayAdmission({ census, limits }: SharedCounts, gateway: number): Admission {
  return new Admission(limits, new SourceCounts(census, gateway));
}

/** Numbers a link, over all gateways, from 1. */
export function nextConn({ conns }: SharedCounts): number {
  return Number(Atomics.add(conns, 0, 1n)) + 1;
}

/** The number of the latest link. */
export function lastConn({ conns }: SharedCounts): number {
  return Number(Atomics.load(conns, 0));
}

/** Forgets whom a gateway had counted that is no more. */
export function forgetGateway({ census }: SharedCounts, gateway: number): void {
  SourceCounts.wipe(census, gateway);
}
