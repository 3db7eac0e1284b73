import type { Case, Contender, Running, Sample } from '../case.ts';
import { type Measured, Pair } from './pair.ts';
import { TRANSPORTS } from './transports.ts';

/** Messages in flight on one connection where a case says "deep". */
const DEEP = 64;

/** Connections where a case says "conns", each with one message in flight. */
const MANY = 64;

/** Bytes of a message in the cases of small ones: about a payment. */
const SMALL = 64;

/** Bytes of a message in the cases of large ones: the largest record of TLS. */
const LARGE = 16 * 1024;

/** What every case over a ready connection compares. */
const CHANNELS = ['farthing', 'farthingNoble', 'tls', 'tlsChaCha20', 'secretStream', 'plain'] as const;

const HANDSHAKES = [
  'farthing',
  'farthingNoble',
  'tls',
  'tlsEd25519',
  'tlsResumed',
  'secretStream',
  'plain',
] as const;

/** Where only the number at a time differs. */
const HANDSHAKES_AT_ONCE = ['farthing', 'tls', 'tlsResumed', 'plain'] as const;

const HANDSHAKES_PQ = ['farthingPq', 'farthingPqNoble', 'tlsMlKem', 'tlsMlKemResumed', 'plain'] as const;

/**
 * Connections of the memory case, and how many stand before them: what grows only once, such as the heap's,
 * has grown.
 */
const IDLE = 5_000;
const IDLE_BEFORE = 5_000;

/** Idle connections beside the one that is measured. */
const FEW_BESIDE = 10;
const MANY_BESIDE = 10_000;

export const WIRE_CASES: readonly Case[] = [
  handshakeCase('handshake', 8, HANDSHAKES),
  handshakeCase('handshake-1', 1, HANDSHAKES_AT_ONCE),
  handshakeCase('handshake-64', 64, HANDSHAKES_AT_ONCE),
  handshakeCase('handshake-pq', 8, HANDSHAKES_PQ),
  echoCase('echo-64-seq', '64 B there and back, one connection, one at a time', 1, 1, SMALL),
  echoCase('echo-64-deep', '64 B there and back, one connection, 64 in flight', 1, DEEP, SMALL),
  echoCase('echo-64-conns', '64 B there and back, 64 connections, one in flight on each', MANY, 1, SMALL),
  echoCase('echo-16k-deep', '16 KiB there and back, one connection, 64 in flight', 1, DEEP, LARGE),
  bulkCase(),
  idleMemoryCase(),
  growthCase(),
];

type Key = keyof typeof TRANSPORTS & string;

/** A contender of the transport under `key`, which `run` sets up. */
function contender(key: Key, run: (key: Key) => Promise<Running>, name?: string): Contender {
  const transport = TRANSPORTS[key];
  if (transport === undefined) {
    throw new Error(`no transport ${key}`);
  }
  return { name: name ?? transport.name, detail: transport.detail, start: () => run(key) };
}

/** Runs what `measure` does on a pair of processes that stands for the whole case. */
function onPair(
  options: { readonly connections?: number; readonly echo?: boolean },
  measure: (pair: Pair, seconds: number) => Promise<Sample>,
): (key: Key) => Promise<Running> {
  return async (key) => {
    const pair = await Pair.start(key, options);
    return { measure: (seconds) => measure(pair, seconds), close: () => pair.close() };
  };
}

function handshakeCase(name: string, atOnce: number, keys: readonly Key[]): Case {
  const run = onPair({}, async (pair, seconds) =>
    perOperation(await pair.measure({ do: 'handshake', seconds, atOnce })),
  );
  return {
    name,
    title: `connect, handshake, one echo of 64 B, close; ${atOnce} at a time`,
    unit: 'handshakes/s',
    better: 'more',
    reference: name === 'handshake-pq' ? 'tls-mlkem' : 'tls',
    contenders: keys.map((key) => contender(key, run)),
  };
}

function echoCase(name: string, title: string, connections: number, depth: number, size: number): Case {
  const run = onPair({ connections }, async (pair, seconds) =>
    perOperation(await pair.measure({ do: 'echo', seconds, depth, size, connections })),
  );
  return {
    name,
    title,
    unit: 'echoes/s',
    better: 'more',
    reference: 'tls',
    contenders: CHANNELS.map((key) => contender(key, run)),
  };
}

function bulkCase(): Case {
  const run = onPair({ connections: 1, echo: false }, async (pair, seconds) => {
    const { load, cpuUs, received } = await pair.measure({ do: 'bulk', seconds, size: LARGE });
    const megabytes = received / 1e6;
    return { rate: megabytes / load.seconds, serverCpuUs: cpuUs / megabytes };
  });
  return {
    name: 'bulk',
    title: 'messages of 16 KiB one way, one connection; the receiver is the server, its CPU per MB',
    unit: 'MB/s',
    better: 'more',
    reference: 'tls',
    contenders: CHANNELS.map((key) => contender(key, run)),
  };
}

function idleMemoryCase(): Case {
  const run = async (key: Key): Promise<Running> => {
    const pair = await Pair.start(key, { connections: IDLE_BEFORE });
    return {
      measure: async () => {
        const before = await pair.read({ collect: true });
        await pair.open(IDLE);
        const after = await pair.read({ collect: true });
        return { rate: (after.residentBytes - before.residentBytes) / IDLE };
      },
      close: () => pair.close(),
    };
  };
  return {
    name: 'idle-memory',
    title: `resident memory of the server for each of ${IDLE.toLocaleString('en')} idle connections beside as many`,
    unit: 'B/connection',
    better: 'less',
    reference: 'tls',
    contenders: CHANNELS.map((key) => contender(key, run)),
    rounds: 1,
    extraSeconds: 8,
  };
}

function growthCase(): Case {
  const beside = (idle: number) =>
    onPair({ connections: 1 + idle }, async (pair, seconds) =>
      perOperation(await pair.measure({ do: 'echo', seconds, depth: 1, size: SMALL, connections: 1 })),
    );
  return {
    name: 'growth-conns',
    title: `64 B there and back, one at a time, beside ${MANY_BESIDE.toLocaleString('en')} idle connections`,
    unit: 'echoes/s',
    better: 'more',
    reference: 'farthing-at-10',
    contenders: [
      contender('farthing', beside(MANY_BESIDE)),
      contender('farthing', beside(FEW_BESIDE), 'farthing-at-10'),
      contender('tls', beside(MANY_BESIDE)),
      contender('tls', beside(FEW_BESIDE), 'tls-at-10'),
    ],
    extraSeconds: 10,
  };
}

function perOperation({ load, cpuUs }: Measured): Sample {
  const { operations, seconds, p50Ms, p99Ms, p999Ms } = load;
  return { rate: operations / seconds, serverCpuUs: cpuUs / operations, p50Ms, p99Ms, p999Ms };
}
