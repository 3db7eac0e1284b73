// `make demo` as a process: it succeeds, it fails when something is off, and it leaves nothing behind either
// way.
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';

const ROOT = join(import.meta.dirname, '../..');

describe('make demo', () => {
  let folder: string;
  beforeEach(() => {
    assert.ok(
      existsSync(join(ROOT, 'dist/cli/bin/farthing-server.js')),
      'the demo runs what is built: make build',
    );
    folder = mkdtempSync(join(tmpdir(), 'farthing-demo-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const start = () => {
    const demo = spawn(process.execPath, [join(ROOT, 'test/demo.ts')], {
      env: { PATH: process.env['PATH'], TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new Running(demo);
  };
  /** The command lines, each behind its process id, in which our folder is named: of the demo's server. */
  const servers = () =>
    execFileSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes(folder) && line.includes('--data'));
  const assertNothingLeft = () => {
    assert.deepEqual(readdirSync(folder), []);
    assert.deepEqual(servers(), []);
  };

  test('everything is as it should be: 0, in 100 columns without colours where nobody looks', async () => {
    const demo = start();
    assert.equal(await demo.ended, 0, demo.text);
    assert.match(demo.text, /\nEverything shown was checked\.\n$/);
    assert.equal(stripVTControlCharacters(demo.text), demo.text);
    assert.ok(demo.text.split('\n').every((line) => line.length <= 100));
    assertNothingLeft();
  });

  test('the server is killed meanwhile: 1, and it says what went wrong', async () => {
    const demo = start();
    await demo.wrote('✔ 2.');
    const [pid] = servers().map((line) => Number.parseInt(line, 10));
    assert.ok(pid !== undefined);
    process.kill(pid, 'SIGKILL');
    assert.equal(await demo.ended, 1, demo.text);
    assert.match(demo.text, /\n✖ \d+\. .*\nThe demo failed\. .* Its last lines:\n/s);
    assertNothingLeft();
  });

  test('interrupted: 130', async () => {
    const demo = start();
    await demo.wrote('✔ 2.');
    demo.process.kill('SIGINT');
    assert.equal(await demo.ended, 130, demo.text);
    assertNothingLeft();
  });
});

/** A demo that runs, and what it has written. */
class Running {
  readonly process: ChildProcess;
  readonly ended: Promise<number | null>;
  text = '';

  constructor(demo: ChildProcess) {
    this.process = demo;
    for (const stream of [demo.stdout, demo.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.text += text;
      });
    }
    this.ended = once(demo, 'close').then(([status]: unknown[]) => status as number | null);
  }

  async wrote(text: string): Promise<void> {
    const closed = this.ended.then(() => {
      throw new Error(`it ended before it wrote ${text}:\n${this.text}`);
    });
    while (!this.text.includes(text)) {
      await Promise.race([closed, once(this.process.stdout ?? this.process, 'data')]);
    }
  }
}
