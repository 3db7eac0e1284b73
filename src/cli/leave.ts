import type { Wallet } from '../client/index.ts';
import { GOODBYE_DEADLINE_MS } from './limits.ts';

/** Takes leave of the server, but does not wait long for its word. @returns the word: "Bye!" */
export async function leave(wallet: Wallet): Promise<string | undefined> {
  const { promise: deadline, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, GOODBYE_DEADLINE_MS);
  // Not logged in, or no longer connected: then there is nobody to take leave of.
  const goodbye = wallet.name === undefined ? undefined : wallet.exit().catch(() => undefined);
  const word = await Promise.race([goodbye, deadline]);
  clearTimeout(timer);
  await wallet.close();
  return word ?? undefined;
}
