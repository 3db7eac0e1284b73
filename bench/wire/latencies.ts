/** How long operations took, ms; null when none was timed. */
export interface Percentiles {
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly p999Ms: number | null;
}

/** The time that each operation of one round took. */
export class Latencies {
  #ms = new Float64Array(1 << 16);
  #count = 0;

  /** Notes one operation, in ms. */
  add(ms: number): void {
    if (this.#count === this.#ms.length) {
      const larger = new Float64Array(2 * this.#ms.length);
      larger.set(this.#ms);
      this.#ms = larger;
    }
    this.#ms[this.#count++] = ms;
  }

  /** All operations since `began`, a reading of performance.now(). */
  result(began: number): Percentiles & { readonly operations: number; readonly seconds: number } {
    const seconds = (performance.now() - began) / 1000;
    const sorted = this.#ms.subarray(0, this.#count).sort();
    const at = (share: number) =>
      sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null;
    return { operations: this.#count, seconds, p50Ms: at(0.5), p99Ms: at(0.99), p999Ms: at(0.999) };
  }
}
