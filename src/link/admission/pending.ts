/**
 * Connections whose initiator has not yet sent a whole prelude and message 1, in the order in which they were
 * accepted: of all sources, and of each. When there are too many connections, the oldest of these is the
 * first to be ended.
 */
export class PendingConnections<T> {
  /** Each with its source. */
  readonly #all = new Map<T, string>();
  readonly #bySource = new Map<string, Set<T>>();

  /** How many there are. */
  get size(): number {
    return this.#all.size;
  }

  /** One was accepted. */
  add(one: T, source: string): void {
    this.#all.set(one, source);
    const same = this.#bySource.get(source);
    if (same === undefined) {
      this.#bySource.set(source, new Set([one]));
    } else {
      same.add(one);
    }
  }

  /** One is no longer pending, or is gone. */
  delete(one: T): void {
    const source = this.#all.get(one);
    if (source === undefined) {
      return;
    }
    this.#all.delete(one);
    const same = this.#bySource.get(source);
    same?.delete(one);
    if (same?.size === 0) {
      this.#bySource.delete(source);
    }
  }

  /** The one accepted first: of one source, or of all. */
  oldest(source?: string): T | undefined {
    const [first] = source === undefined ? this.#all.keys() : (this.#bySource.get(source) ?? []);
    return first;
  }
}
