import type { Order } from '../../ledger/index.ts';
import type { Method, Methods } from '../../protocol/index.ts';
import type { CommandOutcome } from '../effects.ts';
import type { Client } from '../presence/client.ts';
import type { PresenceContext } from '../presence/presence.ts';
import type { Quotas } from '../quotas.ts';
import type { Space } from '../space.ts';

/**
 * What a command may use: the books, who is online, where it adds what comes of it besides its answer, and
 * the limits.
 */
export interface CommandContext extends PresenceContext {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly quotas: Quotas;
  readonly space: Space;
}

/** By what an order is known for ever. */
export type OrderKey = Pick<Order, 'payer' | 'id'>;

/** How one method is carried out. What else is known of it stands in its row of the protocol's table. */
export interface Command<M extends Method> {
  /**
   * Carries it out for a client in the state that it needs. `account` is who is logged in, empty when it
   * needs nobody.
   */
  run(
    context: CommandContext,
    client: Client,
    params: Methods[M]['params'],
    account: string,
  ): CommandOutcome<M>;
  /**
   * The orders that it gives or repeats when `account` asks it: looked for on disk before it is carried out.
   * Default: none.
   */
  orders?(params: Methods[M]['params'], account: string): readonly OrderKey[];
  /**
   * Whom it logs in when it is carried out, if it is one that does: what follows in the same batch may be
   * theirs.
   */
  logsIn?(params: Methods[M]['params']): string;
}
