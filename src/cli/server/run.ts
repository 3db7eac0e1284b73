import { type Server, type ServerOptions, startServer } from '../../server/index.ts';
import { EXIT, type ExitStatus } from '../shell/exit-status.ts';
import type { Output } from '../shell/output.ts';
import type { StandardStreams } from '../shell/streams.ts';
import { versionLines } from '../shell/version.ts';
import { columns } from '../text/columns.ts';
import { fingerprint, hex } from '../text/fingerprint.ts';
import { printable } from '../text/printable.ts';
import { type LineOf, logLine } from './log/log.ts';
import { LogWriter } from './log/log-writer.ts';

/** Serves until a signal comes, or until it cannot go on. @throws ServerError */
export async function serve(
  options: ServerOptions,
  out: Output,
  streams: StandardStreams,
): Promise<ExitStatus> {
  const signalled = stopSignal();
  const about = await versionLines('Farthing server');
  // Loaded before there is anything to log.
  const log = new LogWriter(await logLines(out));
  const server = await startServer(options);
  const failed = new Promise<never>((_, reject) => server.on('failed', reject));
  streams.outliveOutput();
  announce(server, about, options, out);
  if (server.metricsUrl !== undefined && (out.json || out.quiet)) {
    log.write({ event: 'metrics', url: server.metricsUrl });
  }
  server.on('event', (event) => log.write(event));
  const signal = await Promise.race([signalled, failed]);
  if (!out.quiet && !out.json) {
    out.note(`${signal}: finishing what was begun; again ends at once`);
  }
  await Promise.race([server.stop(), failed]);
  if (out.json || !out.quiet) {
    log.finish({ event: 'stopped' });
  }
  return EXIT.done;
}

async function logLines({ json, paint }: Output): Promise<LineOf> {
  if (!json) {
    return (event) => logLine(event, paint);
  }
  const { jsonLines } = await import('./log/json-log.ts');
  return jsonLines();
}

/** Resolves at the first SIGINT or SIGTERM. The second ends the process at once. */
function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let stopping = false;
    const stop = (signal: NodeJS.Signals) => {
      if (stopping) {
        process.exit(signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated);
      }
      stopping = true;
      resolve(signal);
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}

/** What clients need to find the server and to know it by. */
function announce(server: Server, about: readonly string[], options: ServerOptions, out: Output): void {
  const { host, port, key, address } = server;
  const [program = '', , cryptography = ''] = about;
  out.data({ event: 'listening', host, port, key: hex(key), address }, () => {
    const essential = [`Listening on ${printable(host)} port ${port}`, `Address ${address}`];
    if (out.quiet) {
      return essential;
    }
    return [
      program,
      ...columns([
        ['  address', { text: address, paint: out.paint.strong }],
        ['  key', fingerprint(key)],
        [
          '  listening',
          `${printable(host)} port ${port}, ${server.workers} ${server.workers === 1 ? 'thread' : 'threads'}`,
        ],
        ['  suites', options.requirePq ? 'XXhfs alone (--require-pq)' : 'XXhfs, XX'],
        ...(server.metricsUrl === undefined ? [] : [['  metrics', printable(server.metricsUrl)] as const]),
        ['  backend', cryptography.replace('cryptography: ', '')],
        ['  data', printable(options.dataDir)],
      ]),
      `Join with: farthing --server ${address}`,
    ];
  });
}
