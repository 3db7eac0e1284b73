import { Rates } from '../../system/token-buckets.ts';
import {
  MAX_PEER_QUOTAS,
  PEER_QUOTA_BURST,
  PEER_QUOTA_LINE_BYTES,
  PEER_QUOTA_PER_SECOND,
} from '../limits.ts';

/**
 * How much each peer may have us show: whoever is registered can dial anybody, and what they say is shown to
 * a person. A token bucket for each name; the names heard from least recently are forgotten first.
 */
export class PeerQuota {
  readonly #now: () => number;
  readonly #rates = new Rates(PEER_QUOTA_PER_SECOND, PEER_QUOTA_BURST, MAX_PEER_QUOTAS);

  /** `now`: ms of any steady clock. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** May something of so many bytes from this peer be shown now? If so, it counts. */
  take(name: string, bytes: number): boolean {
    return this.#rates.take(name, this.#now(), Math.max(1, Math.ceil(bytes / PEER_QUOTA_LINE_BYTES)));
  }
}
