/** A systemd unit that keeps this installation's server running, shut off from the rest of the machine. */
import { type Stats, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEFAULT_PORT } from '../../../protocol/index.ts';
import { STOP_DEADLINE_MS } from '../../../server/index.ts';
import { UsageError } from '../../shell/arguments.ts';
import { EXIT } from '../../shell/exit-status.ts';
import { type OperatorValues, readServerOptions, SERVER_OPTIONS } from '../options.ts';
import type { OperatorRun } from './command.ts';

/** What the server's folder is called under /var/lib, where nothing else is said. */
const STATE_DIRECTORY = 'farthing-server';

/** Ports below are for those who may have them. */
const FIRST_FREE_PORT = 1_024;

/** Seconds beyond the server's own deadline before it is killed. */
const STOP_GRACE_S = 10;

/** Descriptors, one for each connection: far more than there are unless more were asked for. */
const OPEN_FILES = 65_536;

/**
 * Options that say nothing of how to serve, that the unit says in its own way, or that are meant for one
 * start alone.
 */
const NOT_PASSED_ON: ReadonlySet<string> = new Set(['data', 'new-books', 'no-color', 'help', 'version']);

/** What a unit is made of. Paths are absolute. */
export interface UnitParts {
  readonly node: string;
  /** The program `farthing-server`. */
  readonly program: string;
  readonly port: number;
  /** Descriptors that it may have. */
  readonly openFiles: number;
  /** The folder of key and books, and who owns it. Undefined: one of systemd's, for a user of systemd's. */
  readonly data: { readonly folder: string; readonly user: string } | undefined;
  /** Options of serving, as they are to stand on the command line. */
  readonly options: readonly string[];
}

/** `farthing-server unit [PORT] [OPTIONS]` */
export const run: OperatorRun = ({ words, values, dataDir, out }) => {
  const { port = DEFAULT_PORT, maxConnections = 0 } = readServerOptions(values, words);
  if (port === 0) {
    throw new UsageError('a service needs a port that stays the same');
  }
  const parts: UnitParts = {
    node: process.execPath,
    program: fileURLToPath(
      new URL(`../../bin/farthing-server${extname(import.meta.filename)}`, import.meta.url),
    ),
    port,
    openFiles: Math.max(OPEN_FILES, 2 * maxConnections),
    data: values.data === undefined ? undefined : { folder: dataDir, user: ownerOf(dataDir) },
    options: passedOn(values),
  };
  process.stdout.write(unitFile(parts));
  for (const path of [parts.node, parts.program]) {
    const closed = parts.data === undefined ? firstClosed(path) : undefined;
    if (closed !== undefined) {
      out.problem(
        `The service's user cannot read ${path}: ${closed} is closed to others. Install Farthing and Node elsewhere ` +
          '(/opt, /usr/local), or name a folder of the user that shall run it: --data DIR',
      );
    }
  }
  return Promise.resolve(EXIT.done);
};

/** The text of the unit. */
export function unitFile({ node, program, port, openFiles, data, options }: UnitParts): string {
  const paths = [node, program, ...(data === undefined ? [] : [data.folder])];
  const within = (...folders: readonly string[]): boolean =>
    paths.some((path) => folders.some((folder) => path.startsWith(`${folder}/`)));
  const folder = data === undefined ? `%S/${STATE_DIRECTORY}` : commandWord(data.folder);
  const command = [commandWord(node), commandWord(program), String(port), '--data', folder];
  const lines = [
    `# Made by "farthing-server unit". To install it, as root:`,
    '#   farthing-server unit > /etc/systemd/system/farthing-server.service',
    '#   systemctl daemon-reload && systemctl enable --now farthing-server',
    `# Its key and books: ${data?.folder ?? `/var/lib/${STATE_DIRECTORY}`}`,
    '',
    '[Unit]',
    'Description=Farthing server',
    'Wants=network-online.target',
    'After=network-online.target',
    '',
    '[Service]',
    'Type=exec',
    `ExecStart=${[...command, ...options.map(commandWord)].join(' ')}`,
    'Restart=on-failure',
    'RestartSec=5',
    '# Wrong usage does not get better.',
    `RestartPreventExitStatus=${EXIT.usage}`,
    `# The server needs at most ${STOP_DEADLINE_MS / 1000} s to answer what it took and to let go of its books.`,
    'KillSignal=SIGTERM',
    `TimeoutStopSec=${STOP_DEADLINE_MS / 1000 + STOP_GRACE_S}`,
    `LimitNOFILE=${openFiles}`,
    '',
    '# Who it is, and all that it may write.',
    ...(data === undefined
      ? ['DynamicUser=yes', `StateDirectory=${STATE_DIRECTORY}`, 'StateDirectoryMode=0700']
      : [`User=${data.user}`, `ReadWritePaths=${pathWord(data.folder)}`]),
    'UMask=0077',
    'ProtectSystem=strict',
    `ProtectHome=${within('/home', '/root', '/run/user') ? 'read-only' : 'yes'}`,
    `PrivateTmp=${within('/tmp', '/var/tmp') ? 'no' : 'yes'}`,
    '',
    '# What it may do.',
    'NoNewPrivileges=yes',
    ...capabilities(port),
    // The system tells over AF_NETLINK which addresses the machine has.
    'RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK',
    'SystemCallFilter=@system-service',
    'SystemCallErrorNumber=EPERM',
    'SystemCallArchitectures=native',
    'RestrictNamespaces=yes',
    'RestrictRealtime=yes',
    'RestrictSUIDSGID=yes',
    'LockPersonality=yes',
    'PrivateDevices=yes',
    'ProtectClock=yes',
    'ProtectControlGroups=yes',
    'ProtectHostname=yes',
    'ProtectKernelLogs=yes',
    'ProtectKernelModules=yes',
    'ProtectKernelTunables=yes',
    'ProtectProc=invisible',
    'RemoveIPC=yes',
    '# MemoryDenyWriteExecute=yes cannot be used: V8 compiles JavaScript into memory that it then executes.',
    '',
    '[Install]',
    'WantedBy=multi-user.target',
  ];
  return `${lines.join('\n')}\n`;
}

function capabilities(port: number): string[] {
  if (port >= FIRST_FREE_PORT) {
    return ['CapabilityBoundingSet='];
  }
  return ['CapabilityBoundingSet=CAP_NET_BIND_SERVICE', 'AmbientCapabilities=CAP_NET_BIND_SERVICE'];
}

/** What was said of how to serve, in the order of the help. */
function passedOn(values: OperatorValues): string[] {
  const given = new Map<string, string | boolean | undefined>(Object.entries(values));
  return Object.keys(SERVER_OPTIONS).flatMap((name) => {
    const value = given.get(name);
    if (value === undefined || value === false || NOT_PASSED_ON.has(name)) {
      return [];
    }
    return value === true ? [`--${name}`] : [`--${name}`, value];
  });
}

/** Who is to run a server with that folder. */
function ownerOf(folder: string): string {
  let stats: Stats;
  try {
    stats = statSync(folder);
  } catch {
    throw new UsageError(
      `there is no folder ${folder}`,
      `Make it for the user that shall run the server: install -d -m 700 -o USER ${folder}`,
    );
  }
  return stats.uid === process.getuid?.() ? userInfo().username : String(stats.uid);
}

/** The first folder on the way to a file, or the file, that only its owner may read. */
function firstClosed(path: string): string | undefined {
  const above = dirname(path);
  const closed = above === path ? undefined : firstClosed(above);
  if (closed !== undefined) {
    return closed;
  }
  const stats = statSync(path);
  const needed = stats.isDirectory() ? 0o001 : 0o004;
  return (stats.mode & needed) === 0 ? path : undefined;
}

/**
 * A word of a command line in a unit (systemd.service, "Command lines"): `%` and `$` would be replaced in it.
 */
function commandWord(word: string): string {
  return pathWord(word.replaceAll('$', '$$$$'));
}

/** A word of any other list (systemd.syntax, "Quoting"). */
function pathWord(word: string): string {
  const escaped = word.replaceAll('%', '%%');
  if (/^[^\s"'\\;]+$/.test(escaped)) {
    return escaped;
  }
  return `"${escaped.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}
