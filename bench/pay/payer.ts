import { connect, generateKeyPair, type Link } from '../../src/link/index.ts';
import { decodeMessage, encodeAgent, encodeRequest } from '../../src/protocol/index.ts';
import { newOrderId } from '../../test/client/support/internals.ts';
import { scan } from '../../test/protocol/support/internals.ts';
import type { LoadSetup } from './load.ts';

/** Message ids from here on take five bytes, so that every order to one payee has the same length. */
const FIRST_ID = 0x1_0000;

/*
 *   94 00 ce id(4) …     a request        94 01 ce id(4) c0 …   an answer without an error
 */
const ID_AT = 3;
const ERROR_AT = 7;
const RESPONSE = 1;
const NIL = 0xc0;

/** An order to one payee, of which all but its two ids is written already. */
interface Template {
  readonly bytes: Uint8Array;
  /** Where the order's id stands. */
  readonly orderIdAt: number;
}

/** What the clients of a round tell of themselves. */
export interface Watcher {
  /** An order was answered, so many ms after it had been sent. */
  answered(latencyMs: number): void;
  /** Somebody was told of a payment. */
  paid(): void;
  failed(error: Error): void;
}

/**
 * A client of the link and the protocol without the wallet, whose bookkeeping would cost more than the
 * server's: it reads each message by the protocol's gate, and of an answer only whose it is and that it is no
 * error.
 */
export class Payer {
  readonly name: string;
  readonly #link: Link;
  readonly #watcher: Watcher;
  #templates: readonly Template[] = [];
  /** When the order under each id was sent, ms. */
  #sentAt = new Float64Array(0);
  /** Says whether another order may go out. */
  #mayOrder: () => boolean = () => false;

  private constructor(name: string, link: Link, watcher: Watcher) {
    this.name = name;
    this.#link = link;
    this.#watcher = watcher;
  }

  /** Connects (suite XXhfs), registers and logs in. */
  static async login(name: string, { port, key }: LoadSetup, watcher: Watcher): Promise<Payer> {
    const link = await connect({
      host: '127.0.0.1',
      port,
      purpose: 'server',
      suite: 'XXhfs',
      staticKeys: generateKeyPair(),
      payload: encodeAgent('farthing-bench/1'),
      expectedRemoteKey: new Uint8Array(Buffer.from(key, 'hex')),
    });
    const payer = new Payer(name, link, watcher);
    link.send(encodeRequest(FIRST_ID, 'register', { name }));
    link.send(encodeRequest(FIRST_ID + 1, 'login', { name, port: 0 }));
    await new Promise<void>((resolve, reject) => {
      let due = 2;
      link.on('message', function greet(body) {
        for (let at = 0; at < body.length; ) {
          const { message, end } = decodeMessage(body, at);
          at = end;
          if (message.type !== 'response') {
            continue;
          }
          if (message.error !== null) {
            reject(new Error(`${name}: ${message.error.text}`));
          }
          due -= 1;
        }
        if (due > 0) {
          return;
        }
        link.off('message', greet);
        resolve();
      });
      link.on('close', (error) => reject(error ?? new Error(`${name}: the server has closed the link`)));
    });
    link.on('message', (body) => payer.#receive(body));
    link.on('close', (error) =>
      watcher.failed(error ?? new Error(`${name}: the server has closed the link`)),
    );
    return payer;
  }

  /** Whom it pays from now on, each as likely. */
  setPayees(names: readonly string[]): void {
    this.#templates = names.map(template);
  }

  /** Sends `depth` orders, and one more for each that is answered, as long as `mayOrder` says so. */
  begin(depth: number, mayOrder: () => boolean): void {
    this.#mayOrder = mayOrder;
    this.#sentAt = new Float64Array(depth);
    const now = performance.now();
    for (let slot = 0; slot < depth && mayOrder(); slot++) {
      this.#order(slot, now);
    }
  }

  #order(slot: number, now: number): void {
    const chosen = this.#templates[Math.floor(Math.random() * this.#templates.length)];
    if (chosen === undefined) {
      return;
    }
    this.#sentAt[slot] = now;
    const message = Buffer.from(chosen.bytes);
    message.writeUInt32BE(FIRST_ID + slot, ID_AT);
    message.set(newOrderId(), chosen.orderIdAt);
    this.#link.send(message);
  }

  #receive(body: Uint8Array): void {
    const now = performance.now();
    for (let at = 0; at < body.length; ) {
      const end = scan(body, at);
      if (body[at + 1] === RESPONSE) {
        this.#answered(body.subarray(at, end), now);
      } else {
        this.#watcher.paid();
      }
      at = end;
    }
  }

  #answered(message: Uint8Array, now: number): void {
    const id = new DataView(message.buffer, message.byteOffset).getUint32(ID_AT);
    const slot = id - FIRST_ID;
    const sentAt = this.#sentAt[slot];
    if (message[ERROR_AT] !== NIL || sentAt === undefined) {
      this.#watcher.failed(new Error(`refused: ${JSON.stringify(decodeMessage(message, 0).message)}`));
      return;
    }
    this.#watcher.answered(now - sentAt);
    if (this.#mayOrder()) {
      this.#order(slot, now);
    }
  }
}

function template(to: string): Template {
  const marker = new Uint8Array(16).fill(0xa5);
  const bytes = encodeRequest(FIRST_ID, 'pay', { to, amount: 1, id: marker });
  return { bytes, orderIdAt: Buffer.from(bytes).indexOf(marker) };
}
