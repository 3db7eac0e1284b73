import type { Operation } from '../../src/ledger/index.ts';
import type { HubResult } from '../hub/support/internals.ts';
import { orderId } from './asks.ts';
import type { Dice } from './dice.ts';
import type { Operated } from './items.ts';
import type { ModelOperation } from './model-books.ts';
import { demand, same, show } from './same.ts';
import type { Arrival } from './server.ts';

/** Operations that are remembered, to be asked for again. */
const REMEMBERED = 8;

/**
 * Whoever runs the server: freezes, issues, redeems, gives names to other keys, and asks for some of it
 * twice.
 */
export class Operator {
  readonly #dice: Dice;
  readonly #names: readonly string[];
  readonly #keys: readonly Uint8Array[];
  readonly #orders: number;
  readonly #grant: number;
  readonly #past: ModelOperation[] = [];
  #tickets = 0;

  constructor(
    dice: Dice,
    names: readonly string[],
    keys: readonly Uint8Array[],
    orders: number,
    grant: number,
  ) {
    this.#dice = dice;
    this.#names = names;
    this.#keys = keys;
    this.#orders = orders;
    this.#grant = grant;
  }

  /** The next operation, as the hub and as the model know it. */
  next(): Arrival {
    const again = this.#past.length > 0 && this.#dice.thousandth(200);
    const operation = again ? this.#dice.pick(this.#past) : this.#draw();
    if (this.#past.push(operation) > REMEMBERED) {
      this.#past.shift();
    }
    this.#tickets += 1;
    const ticket = this.#tickets;
    return {
      input: { type: 'operate', ticket, operation: operationOf(operation) },
      item: { type: 'operate', ticket, operation },
    };
  }

  #draw(): ModelOperation {
    const dice = this.#dice;
    const name = dice.thousandth(50) ? 'nobody' : dice.pick(this.#names);
    const reason = dice.pick(['request', 'lost device', 'zoë 🪙', 'x'.repeat(256)]);
    // Frozen accounts do little: they are freed more often than frozen.
    const kind = dice.pick(['freeze', 'unfreeze', 'unfreeze', 'issue', 'issue', 'redeem', 'rekey'] as const);
    if (kind === 'freeze' || kind === 'unfreeze') {
      return { kind, name, reason };
    }
    if (kind === 'rekey') {
      return { kind, name, reason, key: this.#keyFor(name) };
    }
    const amount = dice.thousandth(900)
      ? dice.between(1, Math.max(1, Math.floor(this.#grant / 10)))
      : dice.pick([0, -1, Number.MAX_SAFE_INTEGER]);
    return { kind, name, reason, amount, order: dice.below(this.#orders) };
  }

  /** As a rule that of the person whose name it is. */
  #keyFor(name: string): Uint8Array {
    const own = this.#keys[this.#names.indexOf(name)];
    return own !== undefined && this.#dice.thousandth(700) ? own : this.#dice.pick(this.#keys);
  }
}

function operationOf(operation: ModelOperation): Operation {
  if (!('order' in operation)) {
    return operation;
  }
  const { order, ...rest } = operation;
  return { ...rest, id: orderId(order) };
}

/** What the hub says came of the operations is what did. */
export function demandOperated({ operated }: HubResult, expected: readonly Operated[]): void {
  const said = operated.map(({ ticket, outcome }): Operated => {
    const { status } = outcome;
    if (status !== 'ok' && status !== 'exists') {
      return { ticket, status, transfer: null, balance: 0, frozen: false, online: false };
    }
    const { account, transfer } = outcome;
    const { balance, frozen, online } = account;
    return { ticket, status, transfer, balance, frozen, online };
  });
  demand(same(said, expected), () => `the operator hears ${show(said)}, not ${show(expected)}`);
}
