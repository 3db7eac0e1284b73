/** Connections that have not said anything whole yet, in the order of their coming: of all sources, and of each. */
export class Silent<T> {
  /** Each with its source. */
  readonly #all = new Map<T, string>();
  readonly #bySource = new Map<string, Set<T>>();

  /** How many there are. */
  get size(): number {
    return this.#all.size;
  }

  /** One has come. */
  add(one: T, source: string): void {
    this.#all.set(one, source);
    const same = this.#bySource.get(source);
    if (same === undefined) this.#bySource.set(source, new Set([one]));
    else same.add(one);
  }

  /** One has said something, or is gone. */
  delete(one: T): void {
    const source = this.#all.get(one);
    if (source === undefined) return;
    this.#all.delete(one);
    const same = this.#bySource.get(source);
    same?.delete(one);
    if (same?.size === 0) this.#bySource.delete(source);
  }

  /** Who has been silent for longest: of one source, or of all. */
  oldest(source?: string): T | undefined {
    const [first] = source === undefined ? this.#all.keys() : (this.#bySource.get(source) ?? []);
    return first;
  }
}
