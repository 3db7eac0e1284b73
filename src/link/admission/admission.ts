import { MAX_OPENINGS_PER_SOURCE, OPENINGS_HIGH, OPENINGS_LOW } from '../limits.ts';
import { sourceNetwork } from './source.ts';
import { type Place, SourceCounts } from './source-counts.ts';

/** How many connections are taken. */
export interface AdmissionLimits {
  /** Links, those included whose prelude was good: the next is refused as `busy`. */
  readonly links: number;
  /** Of these, from one source network. */
  readonly linksPerSource: number;
  /** Handshakes under way from which on chance refuses some, … */
  readonly openingsLow: number;
  /** … and that are never exceeded. */
  readonly openingsHigh: number;
  /** Handshakes under way from one source network. */
  readonly openingsPerSource: number;
}

/**
 * What a listener takes that is told nothing else: handshakes are bounded, links are the program's own
 * affair.
 */
export const DEFAULT_ADMISSION: AdmissionLimits = {
  links: Number.POSITIVE_INFINITY,
  linksPerSource: Number.POSITIVE_INFINITY,
  openingsLow: OPENINGS_LOW,
  openingsHigh: OPENINGS_HIGH,
  openingsPerSource: MAX_OPENINGS_PER_SOURCE,
};

/**
 * Ends a handshake of this source, or of any where none is named; false when there is none that may be ended.
 */
export type MakeRoom = (source: string | undefined) => boolean;

/**
 * Who may connect. A connection is counted before a byte of it is read, and as long as it exists. Each bound
 * holds over all threads that share the counts, at every moment: a connection is counted before its bounds
 * are looked at.
 *
 * @example
 * ```ts
 * import { Admission, DEFAULT_ADMISSION, generateKeyPair, listen } from 'farthing/link';
 *
 * const admission = new Admission({ ...DEFAULT_ADMISSION, links: 100, linksPerSource: 10 });
 * const listener = await listen({ host: '127.0.0.1', port: 0, staticKeys: generateKeyPair(), admission });
 * listener.close();
 * ```
 */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #counts: SourceCounts;
  readonly #random: () => number;

  /** `random`: from 0 to 1, 1 excluded. */
  constructor(
    limits: AdmissionLimits = DEFAULT_ADMISSION,
    counts = new SourceCounts(SourceCounts.memory(1), 0),
    random: () => number = Math.random,
  ) {
    this.#limits = limits;
    this.#counts = counts;
    this.#random = random;
  }

  /**
   * A connection has come from this address. When there are too many handshakes under way from its source,
   * `makeRoom` is asked to end one of these; when there are too many in all, to end one of any source. Where
   * it has none to end: undefined, and the connection gets no answer. Between the low and the high mark
   * whether there are too many in all is a matter of chance, which rises evenly: a crowd that holds all
   * places cannot keep everybody else out.
   *
   * @internal
   */
  enter(host: string, makeRoom: MakeRoom = () => false): CountedConnection | undefined {
    const counts = this.#counts;
    const source = sourceNetwork(host);
    const place = counts.place(source);
    counts.count('openings', place, 1);
    const fits = counts.of('openings', place) <= this.#limits.openingsPerSource || makeRoom(source);
    if (!fits || (this.#tooMany() && !makeRoom(undefined))) {
      counts.count('openings', place, -1);
      return undefined;
    }
    return new CountedConnection(this.#limits, counts, place);
  }

  /** Are there too many handshakes under way, besides the one just counted? */
  #tooMany(): boolean {
    const { openingsLow, openingsHigh } = this.#limits;
    const others = this.#counts.all('openings') - 1;
    if (others < openingsLow) {
      return false;
    }
    return (
      others >= openingsHigh || this.#random() < (others - openingsLow + 1) / (openingsHigh - openingsLow + 1)
    );
  }
}

/** A connection that was taken: what of it is counted, until it is closed. */
export class CountedConnection {
  readonly #limits: AdmissionLimits;
  readonly #counts: SourceCounts;
  readonly #place: Place;
  #isOpening = true;
  #isLink = false;

  /** Made by {@link Admission.enter}, which has counted it as a handshake under way. */
  constructor(limits: AdmissionLimits, counts: SourceCounts, place: Place) {
    this.#limits = limits;
    this.#counts = counts;
    this.#place = place;
  }

  /**
   * A good prelude has come: from now on it counts as a link. False, and it does not, where there are enough
   * links.
   */
  countLink(): boolean {
    const counts = this.#counts;
    counts.count('links', this.#place, 1);
    const { links, linksPerSource } = this.#limits;
    this.#isLink = counts.all('links') <= links && counts.of('links', this.#place) <= linksPerSource;
    if (!this.#isLink) {
      counts.count('links', this.#place, -1);
    }
    return this.#isLink;
  }

  /** Its handshake is finished: it no longer counts as one under way. */
  opened(): void {
    if (this.#isOpening) {
      this.#counts.count('openings', this.#place, -1);
    }
    this.#isOpening = false;
  }

  /** It is gone: it counts no longer. */
  closed(): void {
    this.opened();
    if (this.#isLink) {
      this.#counts.count('links', this.#place, -1);
    }
    this.#isLink = false;
  }
}
