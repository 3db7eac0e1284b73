import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';

/** An order as the payer meant it. */
export interface Recorded {
  /** 32 hex digits. */
  readonly id: string;
  readonly payer: string;
  readonly payee: string;
  /** Minor units. */
  readonly amount: number;
  /** How often it was sent. */
  attempts: number;
  /** How often its link broke before the answer. */
  unknown: number;
  /** `seq` of every answer that says it was paid: they must all be the same. */
  readonly seqs: number[];
}

/**
 * What the clients know, on disk before anything depends on it: an order stands here before it is sent, an
 * answer before anything else is done with it. A client that is killed finds here what it was about.
 *
 * One line each: `o ID PAYER PAYEE AMOUNT` an order, `s ID` sent, `a ID SEQ` paid, `r ID CODE` refused,
 * `u ID` unknown.
 */
export class Journal {
  readonly #file: number;

  constructor(path: string) {
    // A line that a killed process has cut ends here.
    this.#file = openSync(path, 'a', 0o600);
    writeSync(this.#file, '\n');
  }

  order({ id, payer, payee, amount }: Pick<Recorded, 'id' | 'payer' | 'payee' | 'amount'>): void {
    this.#write(`o ${id} ${payer} ${payee} ${amount}`);
  }

  sent(id: string): void {
    this.#write(`s ${id}`);
  }

  paid(id: string, seq: number): void {
    this.#write(`a ${id} ${seq}`);
  }

  refused(id: string, code: number): void {
    this.#write(`r ${id} ${code}`);
  }

  unknown(id: string): void {
    this.#write(`u ${id}`);
  }

  close(): void {
    closeSync(this.#file);
  }

  #write(line: string): void {
    writeSync(this.#file, `${line}\n`);
  }
}

/** Every order that was ever meant, by its id, in the order of the journal. */
export function readJournal(path: string): Map<string, Recorded> {
  const orders = new Map<string, Recorded>();
  if (!existsSync(path)) {
    return orders;
  }
  // What follows the last line feed is cut, or not finished yet.
  for (const line of readFileSync(path, 'latin1').split('\n').slice(0, -1)) {
    const [kind, id = '', ...words] = line.split(' ');
    const order = orders.get(id);
    if (kind === 'o') {
      const [payer = '', payee = '', amount] = words;
      orders.set(id, { id, payer, payee, amount: Number(amount), attempts: 0, unknown: 0, seqs: [] });
    } else if (order !== undefined) {
      if (kind === 's') {
        order.attempts += 1;
      } else if (kind === 'u') {
        order.unknown += 1;
      } else if (kind === 'a') {
        order.seqs.push(Number(words[0]));
      }
    }
  }
  return orders;
}
