import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { defer, openMember, startProxy, startTown } from './support/fixtures.ts';

const PROGRAM = fileURLToPath(new URL('leave.process.ts', import.meta.url));

for (const how of ['exit', 'close', 'lost']) {
  test(`a process whose wallet leaves by ${how} ends by itself`, async (t) => {
    const server = await startTown(t);
    const proxy = await startProxy(t, server.port);
    const bob = await openMember(t, server, 'bob');
    bob.on('paid', ({ transfer }) => void bob.pay('alice', transfer.amount));
    const key = Buffer.from(server.key).toString('hex');
    const child = spawn(process.execPath, [PROGRAM, String(proxy.port), key, how], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    defer(t, () => child.kill());
    const exit = once(child, 'exit');
    child.stdout.once('data', () => how === 'lost' && proxy.cut());
    assert.equal(await text(child.stdout), 'ready\n');
    assert.deepEqual(await exit, [0, null]);
  });
}
