import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HubCounters } from '../../hub/support/internals.ts';
import type { GatewayReading, HubThreadReading } from '../support/internals.ts';
import { ThreadReadings } from '../support/internals.ts';

const HUB: HubThreadReading = {
  ...new HubCounters().reading(),
  waiting: 0,
  accounts: 1,
  online: 0,
  circulation: 5,
  delay: undefined,
};

function gateway(links: number): GatewayReading {
  return { links, opening: 0, handshakes: { ok: links }, openRequests: 0, queuedBytes: 0, delay: undefined };
}

/** A hub that answers at once, and a gateway that answers when the test lets it. */
function threads() {
  const asked = { hub: 0, gateway: 0 };
  const readings: ThreadReadings = new ThreadReadings(() => {
    asked.hub += 1;
    queueMicrotask(() => readings.heardHub(HUB));
  }, [() => (asked.gateway += 1)]);
  return { asked, readings };
}

describe('readings of the threads', () => {
  test('are complete when all have answered; whoever asks meanwhile gets the same', async () => {
    const { asked, readings } = threads();
    const both = [readings.read(), readings.read()];
    readings.heardGateway(0, gateway(3));
    const [one, other] = await Promise.all(both);
    assert.deepEqual(one, { hub: HUB, gateways: [gateway(3)], late: [] });
    assert.equal(other, one);
    assert.deepEqual(asked, { hub: 1, gateway: 1 });
  });

  test('of a thread that is too busy are those from before, and it is not asked again while it owes an answer', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { asked, readings } = threads();
    const first = readings.read();
    readings.heardGateway(0, gateway(3));
    await first;
    for (const _ of [1, 2]) {
      const reading = readings.read();
      // The hub answers in a microtask; the gateway not at all.
      await Promise.resolve();
      t.mock.timers.tick(60_000);
      assert.deepEqual(await reading, { hub: HUB, gateways: [gateway(3)], late: ['gateway-0'] });
    }
    assert.equal(asked.gateway, 2);
    const last = readings.read();
    readings.heardGateway(0, gateway(4));
    assert.deepEqual(await last, { hub: HUB, gateways: [gateway(4)], late: [] });
  });

  test('of a thread that never answered are not there', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { readings } = threads();
    const reading = readings.read();
    t.mock.timers.tick(60_000);
    assert.deepEqual((await reading).gateways, [undefined]);
  });
});
