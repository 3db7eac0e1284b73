import { EARSHOT_BURST, EARSHOT_BYTES, EARSHOT_PER_SECOND, MAX_EARS } from '../limits.ts';

interface Bucket {
  tokens: number;
  /** When `tokens` was true, in ms. */
  at: number;
}

/**
 * How much each peer may make us hear: whoever is registered can dial anybody, and what they say is shown to a person. A
 * token bucket for each name; what was said last decides which names are remembered.
 */
export class Earshot {
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();

  /** `now`: ms of any steady clock. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** May this peer be heard on something of so many bytes now? If so, it counts. */
  hears(name: string, bytes: number): boolean {
    const bucket = this.#bucket(name);
    const cost = Math.max(1, Math.ceil(bytes / EARSHOT_BYTES));
    if (bucket.tokens < cost) return false;
    bucket.tokens -= cost;
    return true;
  }

  #bucket(name: string): Bucket {
    const now = this.#now();
    const { tokens, at } = this.#buckets.get(name) ?? { tokens: EARSHOT_BURST, at: now };
    const filled = Math.min(EARSHOT_BURST, tokens + ((now - at) * EARSHOT_PER_SECOND) / 1000);
    const bucket = { tokens: filled, at: now };
    this.#buckets.delete(name);
    this.#buckets.set(name, bucket);
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > MAX_EARS && oldest !== undefined) this.#buckets.delete(oldest);
    return bucket;
  }
}
