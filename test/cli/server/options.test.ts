import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dataFolder, parseArguments, readServerOptions, SERVER_OPTIONS } from '../support/internals.ts';

function read(...argv: string[]) {
  const { values, positionals } = parseArguments(argv, SERVER_OPTIONS);
  return readServerOptions(values, positionals);
}

describe('the options of farthing-server', () => {
  test('all of them', () => {
    const words =
      '0 --data /d --host ::1 --workers 3 --max-connections 50 --max-connections-per-address 5 --grant 12.5 ' +
      '--currency beans --scale 1 --new-books --min-free 2 --metrics 9464 --require-pq --no-rates -q';
    assert.deepEqual(read(...words.split(' ')), {
      dataDir: '/d',
      port: 0,
      host: '::1',
      workers: 3,
      maxConnections: 50,
      maxConnectionsPerAddress: 5,
      grant: 125,
      currency: 'beans',
      scale: 1,
      newBooks: true,
      minFree: 2 * 1024 * 1024,
      metrics: { host: undefined, port: 9464 },
      requirePq: true,
      noRates: true,
      backend: undefined,
      log: false,
    });
  });

  test('a grant counts in the usual two decimals where nothing is said of them', () => {
    const usual = read('--grant', '12.50');
    assert.deepEqual([usual.grant, usual.scale], [1250, 2], 'and books with other decimals will not take it');
    const whole = read('--grant', '12', '--scale', '0');
    assert.deepEqual([whole.grant, whole.scale], [12, 0]);
    assert.equal(read().scale, undefined, 'without a grant the books decide');
  });

  const PLACES: [words: string, host: string | undefined, port: number][] = [
    ['0', undefined, 0],
    ['192.0.2.1:9464', '192.0.2.1', 9464],
    ['localhost:9464', 'localhost', 9464],
    ['[2001:db8::1]:9464', '2001:db8::1', 9464],
    ['[::]:9464', '::', 9464],
  ];
  for (const [words, host, port] of PLACES) {
    test(`--metrics ${words}`, () => assert.deepEqual(read('--metrics', words).metrics, { host, port }));
  }

  const REFUSED: [argv: string[], message: RegExp][] = [
    [['65536'], /the port must be a whole number from 0 to 65535/],
    [['1', '2'], /nothing to do with "2"/],
    [['--workers', '0'], /--workers must be/],
    [['--grant', '-5'], /--grant needs a value/],
    [['--grant', '1.234'], /at most 2 decimals/],
    [['--metrics', ''], /--metrics must be a port, or an address and a port/],
    [['--metrics', '::1'], /--metrics must be a port, or an address and a port/],
    [['--metrics', ':9464'], /--metrics must be a port, or an address and a port/],
    [['--metrics', 'http://x:1/metrics'], /--metrics must be a port, or an address and a port/],
    [['--metrics', '127.0.0.1:65536'], /the port of --metrics must be a whole number from 0 to 65535/],
    [['--scale', 'x'], /--scale must be/],
    [['--backend', 'openssl'], /--backend must be native or noble/],
  ];
  for (const [argv, message] of REFUSED) {
    test(`${argv.join(' ')} is refused`, () => assert.throws(() => read(...argv), message));
  }

  test('books stand in the data folder, which must be absolute', () => {
    assert.equal(dataFolder({}, { XDG_DATA_HOME: '/x' }), '/x/farthing-server');
    assert.match(dataFolder({}, { XDG_DATA_HOME: 'x' }), /\.local\/share\/farthing-server$/);
  });
});
