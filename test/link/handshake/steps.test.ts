import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  MAX_STEP_WAIT_MS,
  MAX_STEPS_PER_TURN,
  type QueuedHandshake,
  STEP_GRACE_MS,
  STEP_SHARE,
  StepQueue,
} from '../support/internals.ts';

/** An event loop that the test turns, and a clock on which a step takes as long as it says. */
class TestLoop {
  time = 0;
  readonly done: string[] = [];
  readonly queue = new StepQueue({
    now: () => this.time,
    afterTurn: (callback) => {
      this.#next = callback;
    },
  });
  #next: (() => void) | undefined;

  handshake(name: string, tookMs = 1): QueuedHandshake {
    return {
      step: () => {
        this.time += tookMs;
        this.done.push(name);
      },
    };
  }

  /** Ends a turn that took so long; how many steps were done. */
  turn(tookMs = 0): number {
    this.time += tookMs;
    const before = this.done.length;
    const next = this.#next;
    this.#next = undefined;
    next?.();
    return this.done.length - before;
  }

  get idle(): boolean {
    return this.#next === undefined;
  }
}

describe('handshakes stand in line', () => {
  test('one at once in each turn, the others in their order', () => {
    const loop = new TestLoop();
    assert.equal(loop.queue.take(), true);
    for (const name of ['a', 'b', 'c']) {
      assert.equal(loop.queue.take(), false);
      loop.queue.wait(loop.handshake(name));
    }
    while (!loop.idle) {
      loop.turn();
    }
    assert.deepEqual(loop.done, ['a', 'b', 'c']);
    assert.equal(loop.queue.take(), true);
    loop.turn();
    assert.equal(loop.queue.take(), true, 'a turn later the next');
    assert.equal(loop.queue.size, 0);
  });

  test('whoever comes while others wait waits behind them', () => {
    const loop = new TestLoop();
    loop.queue.wait(loop.handshake('first'));
    assert.equal(loop.queue.take(), false);
  });

  test('a turn in which nothing else was to do gets one step, a long one a part of the time that it took', () => {
    const loop = new TestLoop();
    for (let number = 0; number < 100; number++) {
      loop.queue.wait(loop.handshake(`${number}`, 1));
    }
    assert.equal(loop.turn(0), 1);
    assert.equal(loop.turn(0), 1);
    assert.equal(loop.turn(3 / STEP_SHARE), 3);
    assert.equal(loop.turn(1_000), MAX_STEPS_PER_TURN);
  });

  test('while an answer is to come the line rests, for a moment', () => {
    const loop = new TestLoop();
    for (let number = 0; number < 10; number++) {
      loop.queue.wait(loop.handshake(`${number}`, 1));
    }
    loop.queue.expectAnswer();
    assert.equal(loop.turn(0), 0);
    assert.equal(loop.turn(STEP_GRACE_MS / 2), 0);
    assert.equal(loop.turn(STEP_GRACE_MS / 2), 1);
    assert.equal(loop.turn(0), 1);
  });

  test('when the answer is there the line rests in that turn, and not in the next', () => {
    const loop = new TestLoop();
    for (let number = 0; number < 10; number++) {
      loop.queue.wait(loop.handshake(`${number}`, 1));
    }
    loop.queue.expectAnswer();
    assert.equal(loop.turn(0), 0);
    loop.queue.yield();
    assert.equal(loop.turn(0), 0);
    assert.equal(loop.turn(0), 1);
  });

  test('when members ask all the time it does not rest for ever', () => {
    const loop = new TestLoop();
    for (let number = 0; number < 10; number++) {
      loop.queue.wait(loop.handshake(`${number}`, 1));
    }
    let turns = 0;
    do {
      loop.queue.expectAnswer();
      turns += 1;
    } while (loop.turn(MAX_STEP_WAIT_MS / 4) === 0);
    assert.equal(turns, 4);
  });

  test('one that leaves the line is not called', () => {
    const loop = new TestLoop();
    const [gone, stays] = [loop.handshake('gone'), loop.handshake('stays')];
    loop.queue.wait(gone);
    loop.queue.wait(stays);
    loop.queue.leave(gone);
    while (!loop.idle) {
      loop.turn();
    }
    assert.deepEqual(loop.done, ['stays']);
  });
});
