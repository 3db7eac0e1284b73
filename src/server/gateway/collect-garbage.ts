import { Session } from 'node:inspector';

/**
 * Collects the garbage of this thread, and gives the memory back to the system. It begins when the thread is
 * next at rest and takes some 100 ms, during which the thread does nothing else. Resolves when it is done.
 *
 * This is what DevTools does at the press of a button (`HeapProfiler.collectGarbage` of its protocol), and
 * the one stable way: V8's own `gc` needs a flag of the whole process and gives nothing back, and
 * `queryObjects` of `node:v8` is experimental.
 */
export async function collectGarbage(): Promise<void> {
  const session = new Session();
  try {
    session.connect();
  } catch {
    // Under Node's permission model without --allow-inspector: V8 collects it when it likes.
    return;
  }
  await new Promise<void>((resolve) => session.post('HeapProfiler.collectGarbage', () => resolve()));
  // A session that ends while it is still in its answer never returns.
  await new Promise((resolve) => setImmediate(resolve));
  session.disconnect();
}
