import { MAX_OPENINGS_PER_SOURCE, OPENINGS_HIGH, OPENINGS_LOW } from './limits.ts';
import { sourceNetwork } from './source.ts';
import { Census, type Place } from './source-counts.ts';

/** How many connections are taken. */
export interface AdmissionLimits {
  /** Links, those included whose prelude was good: the next is told that we are busy. */
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

/** What a listener takes that is told nothing else: handshakes are bounded, links are the program's own affair. */
export const DEFAULT_ADMISSION: AdmissionLimits = {
  links: Number.POSITIVE_INFINITY,
  linksPerSource: Number.POSITIVE_INFINITY,
  openingsLow: OPENINGS_LOW,
  openingsHigh: OPENINGS_HIGH,
  openingsPerSource: MAX_OPENINGS_PER_SOURCE,
};

/** Ends a handshake of this source, or of any where none is named; false when there is none that may be ended. */
export type MakeRoom = (source: string | undefined) => boolean;

/**
 * Who may connect. A connection is counted before a byte of it is read, and as long as it exists. Each bound holds over
 * all threads that share a census, at every moment: who comes is counted first and looked at then.
 */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #census: Census;
  readonly #random: () => number;

  /** `random`: from 0 to 1, 1 excluded. */
  constructor(
    limits: AdmissionLimits = DEFAULT_ADMISSION,
    census = new Census(Census.memory(1), 0),
    random: () => number = Math.random,
  ) {
    this.#limits = limits;
    this.#census = census;
    this.#random = random;
  }

  /**
   * A connection has come from this address. When there are too many handshakes under way from its source, `makeRoom` is
   * asked to end one of these; when there are too many in all, to end one of any source. Where it has none to end: undefined,
   * and the connection gets no answer. Too many in all is a matter of chance between the low and the high mark, and the
   * chance rises evenly, so that a crowd which holds all places cannot keep everybody else out.
   */
  enter(host: string, makeRoom: MakeRoom = () => false): Visit | undefined {
    const census = this.#census;
    const source = sourceNetwork(host);
    const place = census.place(source);
    census.count('openings', place, 1);
    const fits = census.of('openings', place) <= this.#limits.openingsPerSource || makeRoom(source);
    if (!fits || (this.#crowded() && !makeRoom(undefined))) {
      census.count('openings', place, -1);
      return undefined;
    }
    return new Visit(this.#limits, census, place);
  }

  #crowded(): boolean {
    const { openingsLow, openingsHigh } = this.#limits;
    const others = this.#census.all('openings') - 1;
    if (others < openingsLow) return false;
    return (
      others >= openingsHigh || this.#random() < (others - openingsLow + 1) / (openingsHigh - openingsLow + 1)
    );
  }
}

/** A connection that was let in, as long as it exists. */
export class Visit {
  readonly #limits: AdmissionLimits;
  readonly #census: Census;
  readonly #place: Place;
  #opening = true;
  #admitted = false;

  /** Made by {@link Admission.enter}, which has counted it. */
  constructor(limits: AdmissionLimits, census: Census, place: Place) {
    this.#limits = limits;
    this.#census = census;
    this.#place = place;
  }

  /** A good prelude has come. From now on it counts as a link; false: there are enough. */
  admit(): boolean {
    const census = this.#census;
    census.count('links', this.#place, 1);
    const { links, linksPerSource } = this.#limits;
    this.#admitted = census.all('links') <= links && census.of('links', this.#place) <= linksPerSource;
    if (!this.#admitted) census.count('links', this.#place, -1);
    return this.#admitted;
  }

  /** The handshake has come to a link. */
  opened(): void {
    if (this.#opening) this.#census.count('openings', this.#place, -1);
    this.#opening = false;
  }

  /** The connection is gone. */
  left(): void {
    this.opened();
    if (this.#admitted) this.#census.count('links', this.#place, -1);
    this.#admitted = false;
  }
}
