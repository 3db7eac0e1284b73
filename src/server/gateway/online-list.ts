import type { OnlineEntry } from '../../protocol/index.ts';
import { MAX_LISTED } from '../limits.ts';

/**
 * Who is online, sorted by name, as one gateway knows it. Each gateway follows what the hub says instead of
 * being sent the list with every answer: a full list is 400 entries, a change is one.
 */
export class OnlineList {
  /** Sorted by name; for ASCII the order of UTF-16 units is that of the bytes. */
  readonly #entries: OnlineEntry[] = [];
  #first: readonly OnlineEntry[] | undefined;

  /** People online. */
  get size(): number {
    return this.#entries.length;
  }

  /** Adds a person, or replaces what is known of them. */
  arrived(entry: OnlineEntry): void {
    const at = this.#position(entry.name);
    this.#entries.splice(at, this.#entries[at]?.name === entry.name ? 1 : 0, entry);
    this.#first = undefined;
  }

  /** Removes a person. */
  departed(name: string): void {
    const at = this.#position(name);
    if (this.#entries[at]?.name !== name) {
      return;
    }
    this.#entries.splice(at, 1);
    this.#first = undefined;
  }

  /** The list that `name` is shown: the first {@link MAX_LISTED} people, and in any case `name`. */
  shownTo(name: string): readonly OnlineEntry[] {
    this.#first ??= this.#entries.slice(0, MAX_LISTED);
    const own = this.#position(name);
    const entry = this.#entries[own];
    if (own < MAX_LISTED || entry?.name !== name) {
      return this.#first;
    }
    return [...this.#first.slice(0, MAX_LISTED - 1), entry];
  }

  /** Where the name stands, or would. */
  #position(name: string): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle]?.name ?? '') < name) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
