import type { Wallet } from '../../client/index.ts';
import { GOODBYE_DEADLINE_MS } from '../limits.ts';
import { ENDING_SIGNALS } from '../shell/exit-status.ts';

/**
 * Takes leave of the server and closes the wallet, but does not wait long for the server's word and the end of the
 * links, and no longer at all once a signal comes: who has asked twice is not kept.
 * @returns the word: "Bye!"
 */
export async function leave(wallet: Pick<Wallet, 'name' | 'exit' | 'close'>): Promise<string | undefined> {
  const { promise: enough, resolve: haveEnough } = Promise.withResolvers<undefined>();
  const onEnough = () => haveEnough(undefined);
  const timer = setTimeout(onEnough, GOODBYE_DEADLINE_MS);
  for (const signal of ENDING_SIGNALS) process.on(signal, onEnough);
  try {
    // Not logged in, or no longer connected: then there is nobody to take leave of.
    const goodbye = wallet.name === undefined ? undefined : wallet.exit().catch(() => undefined);
    const word = await Promise.race([goodbye, enough]);
    await Promise.race([wallet.close(), enough]);
    return word;
  } finally {
    clearTimeout(timer);
    for (const signal of ENDING_SIGNALS) process.off(signal, onEnough);
  }
}
