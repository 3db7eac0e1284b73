import assert from 'node:assert/strict';
import { newOrderId } from '../../src/client/index.ts';
import type { Response, Transfer } from '../../src/protocol/index.ts';
import { type Client, codeOf, resultOf } from '../server/support/client.ts';

/** What `pay` is asked with. */
export interface Order {
  readonly to: string;
  readonly amount: number;
  /** 16 bytes. */
  readonly id: Uint8Array;
  readonly memo: string;
}

/** An order that nobody has given before. */
export function newOrder(to: string, amount: number, memo = ''): Order {
  return { to, amount, id: newOrderId(), memo };
}

/** What the server says that somebody has, minor units. */
export async function balanceOf(client: Client): Promise<number> {
  return Number(resultOf(await client.ask('list'))['balance']);
}

/** The transfer of an order that was carried out. */
export function transferOf(response: Response): Transfer {
  return resultOf(response)['transfer'] as Transfer;
}

/** All that somebody has paid, by the id of the order in hex. */
export async function paidBy(client: Client, name: string): Promise<Map<string, Transfer>> {
  const paid = new Map<string, Transfer>();
  for (let before: number | undefined; ; ) {
    const params = before === undefined ? {} : { before };
    const page = resultOf(await client.ask('history', params))['transfers'] as Transfer[];
    for (const transfer of page) {
      if (transfer.from === name) {
        paid.set(hex(transfer.id), transfer);
      }
    }
    before = page.at(-1)?.seq;
    if (before === undefined) {
      return paid;
    }
  }
}

/** An id as tests compare it. */
export function hex(id: Uint8Array): string {
  return Buffer.from(id).toString('hex');
}

/** Requires the error code of each answer, or 100. */
export async function assertCode(expected: number, ...answers: readonly Promise<Response>[]): Promise<void> {
  for (const answer of await Promise.all(answers)) {
    assert.equal(codeOf(answer), expected);
  }
}
