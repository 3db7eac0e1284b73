import { MAX_NAMES } from '../../limits.ts';

/** Who was seen online, for completion. Where they are too many, those seen last. */
export class OnlineNames implements Iterable<string> {
  /** The one seen longest ago first. */
  readonly #names = new Set<string>();

  /** They are online. */
  add(name: string): void {
    this.#names.delete(name);
    this.#names.add(name);
    const [oldest] = this.#names;
    if (this.#names.size > MAX_NAMES && oldest !== undefined) {
      this.#names.delete(oldest);
    }
  }

  /** They are no longer online. */
  remove(name: string): void {
    this.#names.delete(name);
  }

  /** These are online, and nobody else. */
  replace(online: Iterable<{ readonly name: string }>): void {
    this.#names.clear();
    for (const { name } of online) {
      this.add(name);
    }
  }

  [Symbol.iterator](): Iterator<string> {
    return this.#names.values();
  }
}
