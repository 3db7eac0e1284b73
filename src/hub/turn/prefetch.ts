import { operationOrder } from '../../ledger/index.ts';
import type { Method } from '../../protocol/index.ts';
import type { Command, OrderKey } from '../commands/command.ts';
import { COMMANDS } from '../commands/execute.ts';
import type { HubInput, KnownRequest } from '../inputs.ts';
import type { Clients } from '../presence/clients.ts';

/**
 * What must be looked for on disk before a batch is executed: every order in it under every name that may
 * turn out to pay it, which is who is logged in on the link, or logs in on it earlier in the same batch.
 */
export function ordersIn(batch: readonly HubInput[], clients: Clients): OrderKey[] {
  const orders: OrderKey[] = [];
  const logins = new Map<number, string[]>();
  for (const input of batch) {
    if (input.type === 'request') {
      addOrders(orders, input, clients.find(input.conn)?.account, logins);
    } else if (input.type === 'operate') {
      const order = operationOrder(input.operation);
      if (order !== undefined) {
        orders.push(order);
      }
    }
  }
  return orders;
}

function addOrders<M extends Method>(
  orders: OrderKey[],
  { conn, method, params }: KnownRequest<M>,
  account: string | undefined,
  logins: Map<number, string[]>,
): void {
  const command: Command<M> = COMMANDS[method];
  if (params === null) {
    return;
  }
  if (command.logsIn !== undefined) {
    logins.set(conn, [...(logins.get(conn) ?? []), command.logsIn(params)]);
  }
  if (command.orders === undefined) {
    return;
  }
  if (account !== undefined) {
    orders.push(...command.orders(params, account));
  }
  for (const name of logins.get(conn) ?? []) {
    orders.push(...command.orders(params, name));
  }
}
