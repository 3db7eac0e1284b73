// Who may import whom. The overrides of `.biome.json` are made from this table:
//   node test/frame/rooms.ts
// writes them (so does `npm run fix`); a test says when they are not what the table says.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A folder of `src`, and what its files may import from outside of it. */
export interface Room {
  /** Other rooms, each through its `index.ts` unless files are named. */
  readonly rooms: Readonly<Record<string, readonly string[]>>;
  /** Packages that no room uses but those which list them. */
  readonly packages: readonly string[];
  /** Modules of Node; undefined: all but those which are kept for single files. */
  readonly node?: readonly string[];
  /** Why, for whoever is stopped by it. */
  readonly says: string;
}

const DOOR = ['index.ts'];
/** What the programs use before they load anything that is large. */
const LIGHT = { protocol: ['index.ts', 'limits.ts', 'names.ts'], operator: ['index.ts', 'errors.ts'] };
/** The ground has no door: whoever needs one thing of it loads that alone. */
const GROUND = ['errors.ts', 'files.ts', 'folders.ts', 'token-buckets.ts', 'version.ts'];

export const ROOMS: Readonly<Record<string, Room>> = {
  system: { rooms: {}, packages: [], says: 'the ground for all: of Node, and of nobody else' },
  noise: {
    rooms: {},
    packages: ['@noble/**', 'sodium-native'],
    node: ['node:crypto', 'node:module'],
    says: 'bytes to bytes: no IO, no clock',
  },
  link: { rooms: { noise: DOOR }, packages: [], says: 'a stream becomes authenticated messages' },
  protocol: {
    rooms: {},
    packages: ['msgpackr', 'msgpackr/**'],
    node: ['node:buffer'],
    says: 'what is said, whoever says it',
  },
  ledger: { rooms: { system: GROUND }, packages: ['node:sqlite'], says: 'who owns what' },
  hub: {
    rooms: { protocol: DOOR, ledger: DOOR, system: ['token-buckets.ts'] },
    packages: [],
    node: ['node:assert/strict'],
    says: 'a batch and a time go in, outputs come out: no thread, socket, clock or randomness',
  },
  operator: {
    rooms: { system: GROUND, protocol: DOOR, ledger: DOOR, hub: DOOR },
    packages: [],
    says: 'what the operator does, with or without a running server',
  },
  server: {
    rooms: { system: GROUND, link: DOOR, protocol: DOOR, ledger: DOOR, hub: DOOR, operator: DOOR },
    packages: ['prom-client'],
    says: 'threads, links and figures around the hub',
  },
  client: {
    rooms: { system: GROUND, link: DOOR, protocol: DOOR },
    packages: [],
    says: 'the wallet as a library',
  },
  profile: {
    rooms: { system: GROUND, link: DOOR, protocol: DOOR },
    packages: [],
    says: 'what a person keeps between runs',
  },
  cli: {
    rooms: {
      system: GROUND,
      link: DOOR,
      ...LIGHT,
      server: DOOR,
      client: DOOR,
      profile: DOOR,
    },
    packages: ['pino'],
    says: 'the two programs: nothing imports them',
  },
};

/** Files that may do what their room may not. */
export const EXCEPTIONS: Readonly<Record<string, readonly string[]>> = {
  'node:net': ['src/link/connect.ts', 'src/link/listen.ts', 'src/operator/control-socket.ts'],
};

/** Of `node:crypto` every room may have what is no cipher, no key agreement and no key derivation. */
const HARMLESS_CRYPTO = ['createHash', 'hash', 'randomBytes', 'randomInt', 'randomUUID', 'timingSafeEqual'];
const HARMLESS_NET = ['isIP', 'isIPv4', 'isIPv6'];

const PACKAGES = Object.entries(ROOMS).flatMap(([room, { packages }]) =>
  packages.map((name) => ({ name, room })),
);

/** The one place of each room's tests that names the files inside of the room. */
const INTERNALS = 'test/*/support/internals.ts';

/** Rooms that have a folder of the same name as another room: there, one level up is their own. */
const INNER: Readonly<Record<string, readonly string[]>> = { cli: ['server'] };

interface Pattern {
  readonly group: readonly string[];
  readonly message: string;
}

/** The overrides of the linter's configuration, `noConsole` and one for each room and exception. */
export function overrides(): object[] {
  return [
    { includes: ['src/**'], linter: { rules: { suspicious: { noConsole: 'error' } } } },
    { includes: ['src/cli/**'], linter: { rules: { suspicious: { noConsole: 'off' } } } },
    restricted(['src/*.ts'], libraryPaths(), [programsPattern(), packagesPattern('')]),
    restricted(['test/**', 'bench/**', `!${INTERNALS}`], {}, [testsPattern()]),
    ...Object.keys(ROOMS).flatMap((room) => {
      const files = Object.values(EXCEPTIONS)
        .flat()
        .filter((file) => file.startsWith(`src/${room}/`));
      return [
        restricted([`src/${room}/**`], paths(room, ''), patterns(room)),
        ...files.map((file) => restricted([file], paths(room, file), patterns(room))),
      ];
    }),
  ];
}

function restricted(includes: readonly string[], paths: object, patterns: readonly Pattern[]): object {
  const options = { paths, patterns };
  return {
    includes,
    linter: { rules: { style: { noRestrictedImports: { level: 'error', options } } } },
  };
}

function libraryPaths(): object {
  return { ...cryptoPath(), ...netPath() };
}

function paths(room: string, file: string): object {
  const mayNet = EXCEPTIONS['node:net']?.includes(file) === true;
  return { ...(room === 'noise' ? {} : cryptoPath()), ...(mayNet ? {} : netPath()) };
}

function cryptoPath(): object {
  const message = 'Ciphers, key agreement and key derivation belong to src/noise.';
  return { 'node:crypto': { allowImportNames: HARMLESS_CRYPTO, message } };
}

function netPath(): object {
  const message = `Sockets belong to ${EXCEPTIONS['node:net']?.join(', ')}.`;
  return { 'node:net': { allowImportNames: HARMLESS_NET, message } };
}

function patterns(room: string): Pattern[] {
  const { rooms, node, says } = roomOf(room);
  const others = Object.keys(ROOMS).filter((other) => other !== room);
  const allowed = Object.entries(rooms).map(([other, doors]) => `${other} (${doors.join(', ')})`);
  return [
    {
      group: others.flatMap((other) => waysTo(room, other)),
      message: `src/${room}: ${says}. Of other rooms it imports ${allowed.join(', ') || 'none'}.`,
    },
    packagesPattern(room),
    ...(node === undefined
      ? []
      : [
          {
            group: ['node:*', 'node:*/**', ...node.map((name) => `!${name}`)],
            message: `src/${room}: ${says}. Of Node it imports ${node.join(', ')}.`,
          },
        ]),
  ];
}

/** The ways to another room, from the files and the folders of this one; those to its doors are open. */
function waysTo(room: string, other: string): string[] {
  const isInner = INNER[room]?.includes(other) === true;
  const doors = roomOf(room).rooms[other] ?? [];
  return [...(isInner ? [] : ['../']), '../../', '../../../'].flatMap((up) => [
    `${up}${other}/**`,
    ...doors.map((door) => `!${up}${other}/${door}`),
  ]);
}

function roomOf(name: string): Room {
  const room = ROOMS[name];
  if (room === undefined) {
    throw new RangeError(`no room ${name}`);
  }
  return room;
}

function programsPattern(): Pattern {
  return { group: ['**/cli/**'], message: 'Only the programs start at src/cli; nothing imports it.' };
}

function testsPattern(): Pattern {
  return {
    group: ['**/src/*/**', '!**/src/*/index.ts'],
    message: `Tests and benchmarks enter a room through its index.ts, or through ${INTERNALS}.`,
  };
}

function packagesPattern(room: string): Pattern {
  const others = PACKAGES.filter((one) => one.room !== room);
  const places = Object.entries(ROOMS).filter(([, { packages }]) => packages.length > 0);
  return {
    group: others.map(({ name }) => name),
    message: `${places.map(([place, { packages }]) => `${packages.join(', ')}: src/${place}`).join('; ')}.`,
  };
}

const CONFIGURATION = join(import.meta.dirname, '../../.biome.json');

/** What the linter is told now. */
export function configured(): unknown {
  return (JSON.parse(readFileSync(CONFIGURATION, 'utf8')) as { overrides: unknown }).overrides;
}

if (import.meta.main) {
  const text = readFileSync(CONFIGURATION, 'utf8');
  const lines = overrides().map((override) => `    ${JSON.stringify(override)}`);
  const kept = text.slice(0, text.indexOf('  "overrides": ['));
  writeFileSync(CONFIGURATION, `${kept}  "overrides": [\n${lines.join(',\n')}\n  ]\n}\n`);
}
