import type { ErrorName } from '../../protocol/index.ts';
import type { Command } from './command.ts';

const REFUSALS = {
  unknown: 'PAYEE_UNKNOWN',
  self: 'BAD_REQUEST',
  too_many: 'TOO_MANY',
} as const satisfies Record<string, ErrorName>;

/**
 * Asks somebody to be friends, or accepts somebody who has asked. The other is told when it changes anything,
 * but not each time when somebody asks and takes it back again and again.
 */
export const befriend: Command<'befriend'> = {
  run({ ledger, presence, quotas, effects, now }, _client, { name }, account) {
    const done = ledger.befriend(account, name);
    if (done.status !== 'ok') {
      return { refused: REFUSALS[done.status] };
    }
    const client = presence.find(name);
    // That a request was accepted is always news: whoever made it waits for that, and had to make it.
    const isNews = (): boolean => done.state === 'friend' || quotas.isFriendNews(account, name, now);
    if (done.changed && client !== undefined && isNews()) {
      const params = { name: account, state: done.state === 'asked' ? 'asking' : done.state } as const;
      effects.push({ type: 'notification', client, account: name, method: 'friend', params });
    }
    return { result: { state: done.state } };
  },
};
