/** Buckets kept of one rate before those that are full again are swept out. */
export const MAX_IDLE_BUCKETS = 10_000;

interface Bucket {
  tokens: number;
  /** When `tokens` was true, in ms. */
  at: number;
}

/**
 * Token buckets, one for each key: a key may take `burst` tokens at once and `perSecond` on and on.
 * Time is handed in, in ms; it may stand still, and where it goes back nothing is added.
 */
export class Rates {
  readonly #perMs: number;
  readonly #burst: number;
  readonly #maxKeys: number;
  /** With a bound, the one used least recently first. */
  readonly #buckets = new Map<string, Bucket>();
  #sweepAt: number;

  /**
   * `maxKeys`: of how many keys something is remembered at most; the one used least recently is then
   * forgotten.
   */
  constructor(perSecond: number, burst: number, maxKeys = Number.POSITIVE_INFINITY) {
    this.#perMs = perSecond / 1000;
    this.#burst = burst;
    this.#maxKeys = maxKeys;
    this.#sweepAt = Math.min(MAX_IDLE_BUCKETS, maxKeys);
  }

  /** Takes `cost` tokens, or none; false when there are not so many. */
  take(key: string, now: number, cost = 1): boolean {
    const bucket = this.#bucket(key, now);
    if (bucket.tokens < cost) {
      return false;
    }
    bucket.tokens -= cost;
    return true;
  }

  /** Keys of which something is remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  #bucket(key: string, now: number): Bucket {
    const known = this.#buckets.get(key);
    if (known !== undefined) {
      known.tokens = this.#tokens(known, now);
      known.at = now;
      if (this.#maxKeys !== Number.POSITIVE_INFINITY) {
        this.#buckets.delete(key);
        this.#buckets.set(key, known);
      }
      return known;
    }
    if (this.#buckets.size >= this.#sweepAt) {
      this.#sweep(now);
    }
    const bucket = { tokens: this.#burst, at: now };
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #tokens({ tokens, at }: Bucket, now: number): number {
    return Math.min(this.#burst, tokens + Math.max(0, now - at) * this.#perMs);
  }

  /**
   * A full bucket says nothing that a new one would not. The next sweep waits until there are twice as many
   * as are left.
   */
  #sweep(now: number): void {
    for (const [key, bucket] of this.#buckets) {
      if (this.#tokens(bucket, now) >= this.#burst) {
        this.#buckets.delete(key);
      }
    }
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size >= this.#maxKeys && oldest !== undefined) {
      this.#buckets.delete(oldest);
    }
    this.#sweepAt = Math.min(this.#maxKeys, Math.max(MAX_IDLE_BUCKETS, this.#buckets.size * 2));
  }
}
