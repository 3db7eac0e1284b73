import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { EARSHOT_BURST, EARSHOT_BYTES, EARSHOT_PER_SECOND, Earshot, MAX_EARS } from '../support/internals.ts';

/** How many lines of so many bytes are heard until the first that is not. */
function heard(earshot: Earshot, name: string, bytes = 1): number {
  let lines = 0;
  while (earshot.hears(name, bytes)) lines += 1;
  return lines;
}

describe('earshot', () => {
  test('a burst, then so much a second, and never more than a burst', () => {
    let now = 0;
    const earshot = new Earshot(() => now);
    assert.equal(heard(earshot, 'mallory'), EARSHOT_BURST);
    assert.equal(heard(earshot, 'mallory'), 0);
    now += 2_000;
    assert.equal(heard(earshot, 'mallory'), 2 * EARSHOT_PER_SECOND);
    now += 3_600_000;
    assert.equal(heard(earshot, 'mallory'), EARSHOT_BURST);
  });

  test('long texts count for as many lines as they fill; one who is too loud drowns out nobody else', () => {
    const earshot = new Earshot(() => 0);
    assert.equal(heard(earshot, 'mallory', 16 * EARSHOT_BYTES), EARSHOT_BURST / 16);
    assert.equal(heard(earshot, 'bob', EARSHOT_BYTES), EARSHOT_BURST);
    assert.equal(heard(earshot, 'carol', 0), EARSHOT_BURST);
  });

  test('who talks on is remembered, whoever else comes', () => {
    const earshot = new Earshot(() => 0);
    heard(earshot, 'mallory');
    for (let peer = 0; peer < 2 * MAX_EARS; peer++) {
      assert.equal(earshot.hears(`peer${peer}`, 1), true);
      assert.equal(earshot.hears('mallory', 1), false);
    }
  });
});
