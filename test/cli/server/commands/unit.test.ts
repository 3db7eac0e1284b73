import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { STOP_DEADLINE_MS } from '../../../server/support/internals.ts';
import { Leftovers, newFolder, Person } from '../../../support/programs.ts';
import { unitFile } from '../../support/internals.ts';

const leftovers = new Leftovers();
after(() => leftovers.clear());
const operator = new Person(leftovers);

/** Comes with systemd. */
const ANALYZE = 'systemd-analyze';

const PARTS = {
  node: '/usr/bin/node',
  program: '/opt/farthing/dist/cli/bin/farthing-server.js',
  port: 1960,
  openFiles: 65_536,
  data: undefined,
  options: [],
} as const;

/** Sections of a unit file, each with its settings in their order. Throws for a line that is none. */
function parse(text: string): Map<string, [name: string, value: string][]> {
  const sections = new Map<string, [string, string][]>();
  let settings: [string, string][] | undefined;
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) {
      continue;
    }
    const [, section] = /^\[([A-Z][a-z]+)\]$/.exec(line) ?? [];
    const [, name, value] = /^([A-Z][A-Za-z0-9]+)=(.*)$/.exec(line) ?? [];
    if (section !== undefined) {
      settings = [];
      sections.set(section, settings);
    } else if (name !== undefined && value !== undefined && settings !== undefined) {
      settings.push([name, value]);
    } else {
      throw new Error(`not a line of a unit: ${line}`);
    }
  }
  return sections;
}

/** The settings of the service, each there once. */
function service(text: string): Map<string, string> {
  const settings = parse(text).get('Service') ?? [];
  const map = new Map(settings);
  assert.equal(map.size, settings.length, 'no setting twice');
  return map;
}

describe('the systemd unit', () => {
  test('has the sections and the settings that keep a service to itself', () => {
    const text = unitFile(PARTS);
    assert.deepEqual([...parse(text).keys()], ['Unit', 'Service', 'Install']);
    const settings = service(text);
    const expected = {
      ExecStart: '/usr/bin/node /opt/farthing/dist/cli/bin/farthing-server.js 1960 --data %S/farthing-server',
      DynamicUser: 'yes',
      StateDirectory: 'farthing-server',
      StateDirectoryMode: '0700',
      UMask: '0077',
      ProtectSystem: 'strict',
      ProtectHome: 'yes',
      PrivateTmp: 'yes',
      NoNewPrivileges: 'yes',
      CapabilityBoundingSet: '',
      RestrictAddressFamilies: 'AF_INET AF_INET6 AF_UNIX AF_NETLINK',
      SystemCallFilter: '@system-service',
      Restart: 'on-failure',
    };
    for (const [name, value] of Object.entries(expected)) {
      assert.equal(settings.get(name), value, name);
    }
    assert.equal(settings.get('LimitNOFILE'), '65536');
    assert.ok(!settings.has('MemoryDenyWriteExecute'), 'V8 would not start');
    assert.match(text, /^# MemoryDenyWriteExecute=yes cannot be used/m);
  });

  test('gives the server longer to stop than the server gives itself', () => {
    assert.ok(Number(service(unitFile(PARTS)).get('TimeoutStopSec')) * 1000 > STOP_DEADLINE_MS);
  });

  test('with a folder of its own runs as the owner of that folder, and writes there alone', () => {
    const settings = service(unitFile({ ...PARTS, data: { folder: '/srv/my books', user: 'farthing' } }));
    assert.equal(settings.get('User'), 'farthing');
    assert.equal(settings.get('ReadWritePaths'), '"/srv/my books"');
    assert.ok(settings.get('ExecStart')?.endsWith('--data "/srv/my books"'));
    assert.ok(!settings.has('DynamicUser') && !settings.has('StateDirectory'));
  });

  test('may read a home folder only where something of it lies there', () => {
    const settings = service(
      unitFile({ ...PARTS, program: '/home/op/farthing/dist/cli/bin/farthing-server.js' }),
    );
    assert.equal(settings.get('ProtectHome'), 'read-only');
  });

  test('may listen on a low port only where it has one', () => {
    const settings = service(unitFile({ ...PARTS, port: 443 }));
    assert.equal(settings.get('CapabilityBoundingSet'), 'CAP_NET_BIND_SERVICE');
    assert.equal(settings.get('AmbientCapabilities'), 'CAP_NET_BIND_SERVICE');
  });

  test('nothing in an option can become another word, a specifier or a variable', () => {
    const options = ['--currency', 'a b', '--currency', '%h $HOME', '--currency', `"'\\;`, '--currency', ''];
    const command = service(unitFile({ ...PARTS, options })).get('ExecStart') ?? '';
    assert.ok(
      command.endsWith(`--currency "a b" --currency "%%h $$HOME" --currency "\\"'\\\\;" --currency ""`),
      command,
    );
  });
});

describe('farthing-server unit', () => {
  test('prints a unit of this installation with the options that were given', async () => {
    const { status, stdout } = await operator.serve('unit', '7000', '--quiet', '--metrics', '9464').ended;
    assert.equal(status, 0);
    const command = service(stdout).get('ExecStart') ?? '';
    const [node, program, ...words] = command.split(' ');
    assert.equal(node, process.execPath);
    assert.match(program ?? '', /^\/.*\/cli\/bin\/farthing-server\.ts$/);
    assert.deepEqual(words, ['7000', '--data', '%S/farthing-server', '--metrics', '9464', '--quiet']);
  });

  test('a folder of its own must be there, and names the user', async () => {
    const folder = newFolder(leftovers);
    const { status, stdout } = await operator.serve('unit', '--data', folder).ended;
    assert.equal(status, 0);
    assert.equal(service(stdout).get('ReadWritePaths'), folder);
    assert.match(service(stdout).get('User') ?? '', /^\S+$/);
    const none = await operator.serve('unit', '--data', join(folder, 'none')).ended;
    assert.deepEqual([none.status, none.stdout], [2, '']);
    assert.match(none.stderr, /there is no folder .*\nMake it .*install -d -m 700/);
  });

  const REFUSED: [words: string[], says: RegExp][] = [
    [['0'], /a service needs a port that stays the same/],
    [['nonsense'], /the port must be/],
    [['--scale', '99999'], /--scale must be/],
    [['--reason', 'x'], /takes no --reason/],
  ];
  for (const [words, says] of REFUSED) {
    test(`${words.join(' ')} is refused`, async () => {
      const { status, stdout, stderr } = await operator.serve('unit', ...words).ended;
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, says);
    });
  }

  test('systemd finds no fault with it, where there is systemd', async (t) => {
    const folder = newFolder(leftovers);
    const file = join(folder, 'farthing-server.service');
    writeFileSync(file, (await operator.serve('unit', '443', '--data', folder).ended).stdout);
    const { error, stderr } = spawnSync(ANALYZE, ['verify', file], { encoding: 'utf8' });
    if (error !== undefined) {
      t.diagnostic(`${ANALYZE} is not here`);
    }
    // It may have things to say of the machine as well.
    else {
      assert.doesNotMatch(stderr, /farthing-server\.service/);
    }
  });
});
