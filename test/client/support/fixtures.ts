import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Wallet, type WalletEvents, type WalletOptions } from '../../../src/client/index.ts';
import { connect, generateKeyPair, type Link, listen } from '../../../src/link/index.ts';
import { encodeAgent } from '../../../src/protocol/index.ts';
import { type Server, type ServerOptions, startServer } from '../../../src/server/index.ts';
import { TcpProxy } from '../../support/tcp-proxy.ts';

export const LOCAL = '127.0.0.1';

const deferred = new WeakMap<TestContext, (() => unknown)[]>();

/**
 * Does something after the test, before what was deferred earlier: wallets close before their server stops.
 */
export function defer(t: TestContext, action: () => unknown): void {
  const known = deferred.get(t);
  const actions = known ?? [];
  actions.push(action);
  if (known !== undefined) {
    return;
  }
  deferred.set(t, actions);
  t.after(async () => {
    for (const one of actions.toReversed()) {
      await one();
    }
  });
}

/** A network in front of a server, until the test is over. */
export async function startProxy(t: TestContext, target: number): Promise<TcpProxy> {
  const proxy = await TcpProxy.start(target);
  defer(t, () => proxy.stop());
  return proxy;
}

/** A folder that is gone after the test. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'farthing-client-'));
  defer(t, () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A real server with one gateway; everybody is granted 100.00. */
export async function startTown(t: TestContext, options: Partial<ServerOptions> = {}): Promise<Server> {
  const server = await startServer({
    dataDir: temporaryFolder(t),
    host: LOCAL,
    port: 0,
    workers: 1,
    grant: 10_000,
    ...options,
  });
  defer(t, () => server.stop());
  return server;
}

/** Where a server is, and its key. */
export interface Target {
  readonly port: number;
  readonly key: Uint8Array;
}

/** A wallet connected to a server; closed after the test. */
export async function openWallet(
  t: TestContext,
  { port, key }: Target,
  options: Partial<WalletOptions> = {},
): Promise<Wallet> {
  const wallet = await Wallet.connect({
    host: LOCAL,
    port,
    serverKey: key,
    identity: generateKeyPair(),
    ...options,
  });
  defer(t, () => wallet.close());
  return wallet;
}

/** At a port of the system's choice, where only this machine can come in. */
export const LISTEN = { listen: { host: LOCAL, port: 0 } } as const;

/** A wallet that has registered and logged in, and takes peer links unless it is told not to. */
export async function openMember(
  t: TestContext,
  target: Target,
  name: string,
  { takesPeers = true, ...options }: Partial<WalletOptions> & { takesPeers?: boolean } = {},
): Promise<Wallet> {
  const wallet = await openWallet(t, target, options);
  await wallet.register(name);
  await wallet.login(name, takesPeers ? LISTEN : {});
  return wallet;
}

/** What comes with the next event of that name. */
export async function next<K extends keyof WalletEvents & string>(
  wallet: Wallet,
  event: K,
): Promise<WalletEvents[K][0]> {
  const [value] = (await once(wallet, event)) as WalletEvents[K];
  return value;
}

/** Everything that comes with an event from now on, in its order. */
export function record<K extends keyof WalletEvents & string>(
  wallet: Wallet,
  event: K,
): WalletEvents[K][0][] {
  const heard: WalletEvents[K][0][] = [];
  wallet.on(event, ((value: WalletEvents[K][0]) => heard.push(value)) as never);
  return heard;
}

/** Two ends of one link over the loopback. Whoever listens for messages must do so in the same turn. */
export async function linkPair(t: TestContext): Promise<{ near: Link; far: Link }> {
  const staticKeys = generateKeyPair();
  const common = { host: LOCAL, purpose: 'peer', staticKeys, payload: encodeAgent('test/1') } as const;
  const listener = await listen({ ...common, port: 0 });
  const accepted = once(listener, 'link') as Promise<[Link]>;
  const near = await connect({ ...common, port: listener.port, suite: 'XX' });
  const [far] = await accepted;
  listener.close();
  defer(t, () => {
    near.destroy();
    far.destroy();
  });
  return { near, far };
}
