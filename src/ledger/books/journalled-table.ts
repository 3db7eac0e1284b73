/**
 * What one commit has to write of one kind of row: which rows are new since the last one, and what each of
 * the others was before its first change. A row is known by an object or a key that stays the same while what
 * it holds changes.
 */
export class JournalledTable<Row, Image = never> {
  readonly #added = new Set<Row>();
  readonly #images = new Map<Row, Image>();

  /** Something is new, or differs from what was committed last. */
  get isChanged(): boolean {
    return this.#added.size + this.#images.size > 0;
  }

  /** Whether the row was added since the last commit. */
  isNew(row: Row): boolean {
    return this.#added.has(row);
  }

  /** A row that was never committed. */
  add(row: Row): void {
    this.#added.add(row);
  }

  /**
   * Comes before each change of a row. The first image of one that is committed is kept: the store holds it.
   */
  change(row: Row, image: Image): void {
    if (!this.#added.has(row) && !this.#images.has(row)) {
      this.#images.set(row, image);
    }
  }

  /** In the order in which they were added. */
  added(): readonly Row[] {
    return [...this.#added];
  }

  /** What `describe` says of each row that is not new, and of its image. */
  changed<Change>(describe: (row: Row, image: Image) => Change): readonly Change[] {
    return Array.from(this.#images, ([row, image]) => describe(row, image));
  }

  /** All of it is committed. */
  settle(): void {
    this.#added.clear();
    this.#images.clear();
  }
}
