import type { Method, Methods } from '../../protocol/index.ts';
import type { Session } from '../presence.ts';
import type { Outcome, Turn } from '../turn.ts';

/** How one method is carried out. */
export interface Command<M extends Method> {
  /** The state that it needs: refused with 220 when not logged in, with 230 when logged in. */
  readonly needs: 'logged in' | 'logged out';
  /** Whether it costs of the account's rate. */
  readonly rated: boolean;
  /** Carries it out for a session in the state that it needs. `account` is who is logged in, empty when it needs nobody. */
  run(turn: Turn, session: Session, params: Methods[M]['params'], account: string): Outcome<M>;
}
