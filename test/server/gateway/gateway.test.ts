import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, type TestContext, test } from 'node:test';
import { connect, generateKeyPair, type Link } from '../../../src/link/index.ts';
import { encodeAgent, encodeRequest, encodeResult } from '../../../src/protocol/index.ts';
import type { HubInput } from '../../hub/support/internals.ts';
import { Gateway, newSharedCounts } from '../support/internals.ts';

/** A gateway whose hub is the test. */
async function startGateway(t: TestContext, { number = 3, counts = newSharedCounts(4) } = {}) {
  const staticKeys = generateKeyPair();
  const posted: (readonly HubInput[])[] = [];
  const warnings: string[] = [];
  let heard = () => {};
  const gateway = new Gateway({
    gateway: number,
    events: true,
    counts,
    listen: { host: '127.0.0.1', port: 0, purpose: 'server', staticKeys, payload: encodeAgent('test/1') },
    post: (inputs) => {
      posted.push(inputs);
      heard();
    },
    warn: (text) => warnings.push(text),
  });
  const { port } = await gateway.start();
  const links: Link[] = [];
  t.after(async () => {
    for (const link of links) {
      link.destroy();
    }
    await gateway.stop();
  });
  return {
    gateway,
    posted,
    warnings,
    connect: async (payload = encodeAgent('test/1'), keys = generateKeyPair()) => {
      const link = await connect({
        host: '127.0.0.1',
        port,
        purpose: 'server',
        suite: 'XX',
        staticKeys: keys,
        payload,
      });
      links.push(link);
      return link;
    },
    /** Resolves when so many inputs have been posted; all of them. */
    inputs: async (count: number): Promise<HubInput[]> => {
      while (posted.flat().length < count) {
        await new Promise<void>((resolve) => {
          heard = resolve;
        });
      }
      return posted.flat();
    },
  };
}

describe('a gateway', () => {
  test('tells the hub of links with their key, of requests, and of their end, in order', async (t) => {
    const { connect, inputs } = await startGateway(t);
    const keys = generateKeyPair();
    const link = await connect(encodeAgent('test/1'), keys);
    link.send(encodeRequest(5, 'list', {}));
    await inputs(2);
    link.destroy();
    assert.deepEqual(await inputs(3), [
      { type: 'opened', conn: 1, gateway: 3, key: keys.publicKey, host: '127.0.0.1', network: '127.0.0.1' },
      { type: 'request', conn: 1, id: 5, method: 'list', params: {} },
      { type: 'closed', conn: 1, reason: 'truncated' },
    ]);
  });

  test('posts all that comes in one turn as one message', async (t) => {
    const { connect, inputs, posted } = await startGateway(t);
    const link = await connect();
    await inputs(1);
    for (let id = 0; id < 50; id++) {
      link.send(encodeRequest(id, 'lookup', { name: 'bob' }));
    }
    await inputs(51);
    assert.equal(posted.length, 2);
  });

  test('numbers links over all gateways', async (t) => {
    const counts = newSharedCounts(2);
    const one = await startGateway(t, { number: 0, counts });
    const other = await startGateway(t, { number: 1, counts });
    await one.connect();
    await other.connect();
    await one.connect();
    const opened = [...(await one.inputs(2)), ...(await other.inputs(1))];
    assert.deepEqual(
      opened.map((input) => ('conn' in input ? input.conn : 0)),
      [1, 3, 2],
    );
  });

  test('beyond the links of all gateways together the next is told that the server is busy, until one goes', async (t) => {
    const counts = newSharedCounts(2, { maxConnections: 3 });
    const one = await startGateway(t, { number: 0, counts });
    const other = await startGateway(t, { number: 1, counts });
    const [first] = [await one.connect(), await other.connect(), await other.connect()];
    await assert.rejects(one.connect(), { code: 'refused_busy' });
    await assert.rejects(other.connect(), { code: 'refused_busy' });
    assert.deepEqual((await one.inputs(2))[1], {
      type: 'unopened',
      host: '127.0.0.1',
      reason: 'refused_busy',
    });
    await assert.rejects(one.connect(), { code: 'refused_busy' });
    assert.equal(one.warnings.length, 1, 'said once, not each time');
    first.destroy();
    await one.inputs(4);
    await other.connect();
  });

  for (const [what, payload] of [
    ['no agent', new Uint8Array([0x80])],
    ['an empty payload', new Uint8Array(0)],
    ['garbage', new Uint8Array([0xc1, 0x00])],
    [
      'an agent of 65 bytes',
      Buffer.concat([Buffer.from('81a56167656e74d941', 'hex'), Buffer.alloc(65, 'a')]),
    ],
  ] as const) {
    test(`ends a link whose handshake brings ${what}`, async (t) => {
      const { connect, inputs } = await startGateway(t);
      const link = await connect(payload);
      link.on('message', () => {});
      await once(link, 'close');
      assert.deepEqual(await inputs(1), [{ type: 'unopened', host: '127.0.0.1', reason: 'bad_message' }]);
      await connect();
      const [, next] = await inputs(2);
      assert.ok(next?.type === 'opened' && next.conn === 1);
    });
  }

  test('has no use for what is meant for a link that has gone', async (t) => {
    const { connect, inputs, gateway } = await startGateway(t);
    const link = await connect();
    await inputs(1);
    link.destroy();
    await inputs(2);
    gateway.deliver([{ type: 'message', conn: 1, answers: 1, bytes: encodeResult(1, {}) }]);
  });
});
