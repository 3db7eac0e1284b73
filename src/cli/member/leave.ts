import type { Wallet } from '../../client/index.ts';
import { GOODBYE_DEADLINE_MS } from '../limits.ts';
import { ENDING_SIGNALS } from '../shell/exit-status.ts';

/**
 * Logs out and closes the wallet. The server's answer and the end of the links are awaited for
 * {@link GOODBYE_DEADLINE_MS} at most, and no longer at all once a signal comes.
 * @returns the server's text, "Bye!"; undefined where it did not come in time
 */
export async function leave(wallet: Pick<Wallet, 'name' | 'exit' | 'close'>): Promise<string | undefined> {
  const { promise: enough, resolve: haveEnough } = Promise.withResolvers<undefined>();
  const onEnough = () => haveEnough(undefined);
  const timer = setTimeout(onEnough, GOODBYE_DEADLINE_MS);
  for (const signal of ENDING_SIGNALS) {
    process.on(signal, onEnough);
  }
  try {
    // It fails where we are no longer connected: then there is nothing to log out of.
    const goodbye = wallet.name === undefined ? undefined : wallet.exit().catch(() => undefined);
    const word = await Promise.race([goodbye, enough]);
    await Promise.race([wallet.close(), enough]);
    return word;
  } finally {
    clearTimeout(timer);
    for (const signal of ENDING_SIGNALS) {
      process.off(signal, onEnough);
    }
  }
}
