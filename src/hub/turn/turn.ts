import type { CommandContext } from '../commands/command.ts';
import type { Clients } from '../presence/clients.ts';
import type { Failure } from './failure.ts';

/** What the inputs of one batch are executed with, and where what comes of them is added. */
export interface Turn extends CommandContext {
  readonly clients: Clients;
  /** Whether the operator wants to see the requests. */
  readonly events: boolean;
  /**
   * Why the same batch comes once more: then links come and go as before, and requests and operations are
   * refused.
   */
  readonly failure: Failure | undefined;
}
