/**
 * How long a member who is logged in waits for `list` while strangers flood the server:
 * `node bench/flood.ts [--seconds 5] [--suite XXhfs]`. A real server, a member, and processes of strangers:
 * some do whole handshakes as fast as they can, some repeat a recorded first message so that all the work is
 * the server's, some connect and are silent. Linux.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connect, generateKeyPair, type Link } from '../src/link/index.ts';
import { decodeMessage, encodeAgent, encodeRequest } from '../src/protocol/index.ts';
import type { Flooded, Kind } from './flood/stranger.process.ts';
import { newDiskFolder } from './pay/folder.ts';
import { percentiles } from './pay/percentile.ts';
import { ServerProcess } from './pay/server.ts';

const STRANGERS = join(import.meta.dirname, 'flood/stranger.process.ts');
const SERVER = join(import.meta.dirname, '../src/cli/bin/farthing-server.ts');

/** Each a process, and its connections at once. */
const CROWDS: readonly (readonly [Kind, number])[] = [
  ['handshake', 64],
  ['handshake', 64],
  ['replay', 256],
  ['silent', 2_500],
];

/** What must hold: a member waits less than so many times as long as when it is quiet. */
const MOST = 4;

/** The least that the system has, from -20 to 19. */
const STRANGERS_PRIORITY = 19;

/** For the crowds to be there, ms. */
const GATHERING_MS = 3_000;

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '5' } } });
const seconds = Number(values.seconds);

/** A link that asks one thing at a time. */
class Asker {
  readonly #link: Link;
  #answered: () => void = () => {};
  #id = 0;

  private constructor(link: Link) {
    this.#link = link;
    link.on('message', (body) => {
      const { message } = decodeMessage(body, 0);
      if (message.type !== 'response') {
        return;
      }
      if (message.error !== null) {
        throw new Error(message.error.text);
      }
      this.#answered();
    });
  }

  static async login({ port, key }: ServerProcess, name: string): Promise<Asker> {
    const link = await connect({
      host: '127.0.0.1',
      port,
      purpose: 'server',
      staticKeys: generateKeyPair(),
      payload: encodeAgent('farthing-bench/1'),
      expectedRemoteKey: new Uint8Array(Buffer.from(key, 'hex')),
    });
    const asker = new Asker(link);
    await asker.ask('register', { name });
    await asker.ask('login', { name, port: 0 });
    return asker;
  }

  ask(method: string, params: object): Promise<void> {
    return new Promise((resolve) => {
      this.#answered = resolve;
      this.#link.send(encodeRequest(this.#id++, method, params));
    });
  }

  close(): Promise<void> {
    return this.#link.close();
  }
}

/** How long `list` takes, ms, one after the other for so long. */
async function waits(member: Asker, forSeconds: number): Promise<number[]> {
  const latencies: number[] = [];
  const end = performance.now() + forSeconds * 1_000;
  for (let start = performance.now(); start < end; start = performance.now()) {
    await member.ask('list', {});
    latencies.push(performance.now() - start);
    // A person does not ask without a pause, and a pause is what lets strangers in.
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return latencies;
}

let names = 0;

/** How many of those who come anew while it lasts can log in, and how long the median takes, ms. */
async function newcomers(
  server: ServerProcess,
  forSeconds: number,
): Promise<{ tried: number; took: number[] }> {
  const took: number[] = [];
  let tried = 0;
  const end = performance.now() + forSeconds * 1_000;
  for (let start = performance.now(); start < end; start = performance.now()) {
    tried += 1;
    names += 1;
    const member = await Asker.login(server, `newcomer${names}`).catch(() => undefined);
    if (member !== undefined) {
      took.push(performance.now() - start);
      await member.close();
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { tried, took };
}

async function flooded(crowd: ChildProcess): Promise<Flooded> {
  crowd.send('how many?');
  return ((await once(crowd, 'message')) as [Flooded])[0];
}

function line(what: string, latencies: readonly number[]): string {
  const { p50Ms, p99Ms } = percentiles(latencies);
  return `${what.padEnd(24)} p50 ${ms(p50Ms)}   p99 ${ms(p99Ms)}   ${latencies.length} times`;
}

function ms(value: number | null): string {
  return `${(value ?? Number.NaN).toFixed(2)} ms`.padStart(9);
}

const folder = newDiskFolder();
const server = await ServerProcess.start(folder.path, { backend: 'native', program: SERVER });
const crowds: ChildProcess[] = [];
try {
  const member = await Asker.login(server, 'member');
  await waits(member, 1);
  const quiet = await waits(member, seconds);
  const quietNewcomers = await newcomers(server, 1);
  for (const [kind, atOnce] of CROWDS) {
    const crowd = fork(STRANGERS, [kind, `${server.port}`, `${atOnce}`]);
    // Strangers have machines of their own; here they have what the server and the member leave them.
    if (crowd.pid !== undefined) {
      setPriority(crowd.pid, STRANGERS_PRIORITY);
    }
    crowds.push(crowd);
  }
  await new Promise((resolve) => setTimeout(resolve, GATHERING_MS));
  const before = await Promise.all(crowds.map(flooded));
  const cpuBefore = server.cpuMicros;
  const loud = await waits(member, seconds);
  const cpu = (server.cpuMicros - cpuBefore) / 1e6 / seconds;
  const after = await Promise.all(crowds.map(flooded));
  const loudNewcomers = await newcomers(server, seconds);
  for (const crowd of crowds) {
    crowd.kill();
  }
  await member.ask('list', {});
  const ratio = (share: 'p50Ms' | 'p99Ms') =>
    (percentiles(loud)[share] ?? 0) / (percentiles(quiet)[share] ?? 1);
  console.log(line('list, quiet', quiet));
  console.log(line('list, flooded', loud));
  console.log(`ratio                    p50 ${ratio('p50Ms').toFixed(2)}   p99 ${ratio('p99Ms').toFixed(2)}`);
  for (const [index, [kind, atOnce]] of CROWDS.entries()) {
    const rate = (what: keyof Flooded) =>
      Math.round(((after[index]?.[what] ?? 0) - (before[index]?.[what] ?? 0)) / seconds);
    console.log(
      `strangers, ${kind.padEnd(10)} ${atOnce} at once: ${rate('done')}/s done, ${rate('refused')}/s refused`,
    );
  }
  console.log(`the server used ${cpu.toFixed(2)} processors`);
  console.log(`${line('newcomers, quiet', quietNewcomers.took)} of ${quietNewcomers.tried}`);
  console.log(`${line('newcomers, flooded', loudNewcomers.took)} of ${loudNewcomers.tried}`);
  await member.close();
  const audit = await server.stop();
  if (!audit.ok) {
    throw new Error('the books are not in order');
  }
  if (ratio('p50Ms') >= MOST) {
    process.exitCode = 1;
  }
} finally {
  for (const crowd of crowds) {
    crowd.kill();
  }
  await server.kill();
  folder.remove();
}
