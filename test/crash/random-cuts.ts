import type { Random } from '../fuzz/random.ts';
import type { Passage, Traffic } from '../support/tcp-proxy.ts';

/**
 * A connection is cut after at most so many bytes, of either direction: a handshake and some hundred
 * payments.
 */
const MAX_BYTES = 40_000;

/** What cuts the connections through a proxy at any byte, when it is told to. */
export class RandomCuts {
  readonly #random: Random;
  readonly #cutters = new Set<() => void>();
  #isCutting = false;
  #cut = Promise.withResolvers<void>();
  /** Connections that were cut. */
  count = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Cuts every connection, those to come too, somewhere among its next bytes, until so many were cut. */
  async cut(times: number): Promise<void> {
    const enough = this.count + times;
    this.#isCutting = true;
    for (const cutSoon of this.#cutters) {
      cutSoon();
    }
    while (this.count < enough) {
      await this.#cut.promise;
    }
    this.#isCutting = false;
  }

  /** To be given to the proxy. */
  readonly through = (passage: Passage): Traffic => {
    let left = Number.POSITIVE_INFINITY;
    const cutSoon = (): void => {
      left = this.#random.below(MAX_BYTES);
    };
    if (this.#isCutting) {
      cutSoon();
    }
    this.#cutters.add(cutSoon);
    passage.onClose(() => this.#cutters.delete(cutSoon));
    return (from, bytes) => {
      if (bytes.length <= left) {
        left -= bytes.length;
        passage.pass(from, bytes);
        return;
      }
      // The first bytes still arrive: a record in pieces, of which the last never comes.
      passage.passLast(from, bytes.subarray(0, left));
      left = 0;
      if (!this.#cutters.delete(cutSoon)) {
        return;
      }
      this.count += 1;
      this.#cut.resolve();
      this.#cut = Promise.withResolvers();
    };
  };
}
