/** Buckets kept of one rate before those that are full again are swept out. */
export const MAX_IDLE_BUCKETS = 10_000;

interface Bucket {
  tokens: number;
  /** When `tokens` was true, in ms. */
  at: number;
}

/**
 * Token buckets, one for each key: a key may take `burst` at once and `perSecond` on and on.
 * Time is handed in, in ms; it may stand still, and where it goes back nothing is added.
 */
export class Rates {
  readonly #perMs: number;
  readonly #burst: number;
  readonly #buckets = new Map<string, Bucket>();
  #sweepAt = MAX_IDLE_BUCKETS;

  constructor(perSecond: number, burst: number) {
    this.#perMs = perSecond / 1000;
    this.#burst = burst;
  }

  /** Takes one token; false when there is none. */
  take(key: string, now: number): boolean {
    const bucket = this.#bucket(key, now);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  /** Keys of which something is remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  #bucket(key: string, now: number): Bucket {
    const known = this.#buckets.get(key);
    if (known !== undefined) {
      this.#refill(known, now);
      return known;
    }
    if (this.#buckets.size >= this.#sweepAt) this.#sweep(now);
    const bucket = { tokens: this.#burst, at: now };
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #refill(bucket: Bucket, now: number): void {
    const elapsed = Math.max(0, now - bucket.at);
    bucket.tokens = Math.min(this.#burst, bucket.tokens + elapsed * this.#perMs);
    bucket.at = now;
  }

  /** A full bucket says nothing that a new one would not. The next sweep waits until there are twice as many as are left. */
  #sweep(now: number): void {
    for (const [key, bucket] of this.#buckets) {
      this.#refill(bucket, now);
      if (bucket.tokens >= this.#burst) this.#buckets.delete(key);
    }
    this.#sweepAt = Math.max(MAX_IDLE_BUCKETS, this.#buckets.size * 2);
  }
}
