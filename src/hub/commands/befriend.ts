import type { ErrorName } from '../../protocol/index.ts';
import type { Command } from './command.ts';

const REFUSALS = {
  unknown: 'PAYEE_UNKNOWN',
  self: 'BAD_REQUEST',
  too_many: 'TOO_MANY',
} as const satisfies Record<string, ErrorName>;

/**
 * Asks somebody to be friends, or accepts somebody who has asked. The other is told when it changes anything, but not each
 * time when somebody asks and takes it back again and again.
 */
export const befriend: Command<'befriend'> = {
  needs: 'logged in',
  rated: true,
  run(turn, _session, { name }, account) {
    const done = turn.ledger.befriend(account, name);
    if (done.status !== 'ok') return { refused: REFUSALS[done.status] };
    const other = turn.presence.find(name);
    // That a request was accepted is always news: whoever made it waits for that, and had to make it.
    const isNews = (): boolean => done.state === 'friend' || turn.isFriendNews(account, name);
    if (done.changed && other !== undefined && isNews()) {
      turn.push(other, 'friend', { name: account, state: done.state === 'asked' ? 'asking' : done.state });
    }
    return { result: { state: done.state } };
  },
};
