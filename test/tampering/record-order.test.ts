import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CipherState, chooseBackend } from '../../src/noise/index.ts';
import { LinkError, REKEY_INTERVAL } from '../link/support/internals.ts';
import { fixedSide, RecordSealer, reader } from '../link/support/records.ts';

/** Each record by what a reader reports of it. */
const RECORDS = ['aaa', 'bbbb', '', 'ddddd', 'CLOSE'] as const;

/** The frames of {@link RECORDS}: the third is a PING, of which nothing is reported. */
function frames(): Buffer[] {
  const sealer = new RecordSealer();
  return [
    sealer.seal('data', 3),
    sealer.seal('data', 4),
    sealer.seal('ping'),
    sealer.seal('data', 5),
    sealer.seal('close'),
  ];
}

/** What a fresh reader reports of a row of frames, and what ended it. */
function hear(row: readonly Uint8Array[]): { heard: string[]; code: string | undefined } {
  const end = reader();
  const heard: string[] = [];
  try {
    for (const frame of row) {
      for (const each of end.read(frame)) {
        heard.push(each.type === 'data' ? Buffer.from(each.body).toString() : 'CLOSE');
      }
    }
  } catch (error) {
    assert.ok(error instanceof LinkError);
    return { heard, code: error.code };
  }
  return { heard, code: undefined };
}

/** Asserts that of a row of frames exactly the first `good` are heard, and the next ends the link. */
function assertHeard(row: readonly Uint8Array[], good: number, code: string, what: string): void {
  const expected = RECORDS.slice(0, good).filter((each) => each !== '');
  assert.deepEqual(hear(row), { heard: expected, code }, what);
}

/** Every order of some numbers. */
function* orders(rest: readonly number[]): Generator<number[]> {
  if (rest.length === 0) {
    yield [];
  }
  for (const first of rest) {
    for (const others of orders(rest.filter((each) => each !== first))) {
      yield [first, ...others];
    }
  }
}

test('in their order all are heard', () => {
  assert.deepEqual(hear(frames()), { heard: ['aaa', 'bbbb', 'ddddd', 'CLOSE'], code: undefined });
});

describe('records out of their order', () => {
  const all = frames();
  const places = [...all.keys()];
  const wrong = [...orders(places)].filter((order) => order.some((record, place) => record !== place));

  test(`each other order: ${wrong.length} cases`, () => {
    for (const order of wrong) {
      const row = order.map((place) => all[place] ?? assert.fail());
      const good = order.findIndex((record, place) => record !== place);
      assertHeard(row, good, 'decrypt_failed', `${order}`);
    }
  });

  const twice = places.flatMap((again) =>
    places.filter((at) => at >= again).map((at) => [again, at] as const),
  );
  test(`each again, at each later place: ${twice.length} cases`, () => {
    for (const [again, at] of twice) {
      const row = all.toSpliced(at + 1, 0, all[again] ?? assert.fail());
      // Behind CLOSE nothing may come, whatever it is.
      const code = at === all.length - 1 ? 'bad_record' : 'decrypt_failed';
      assertHeard(row, at + 1, code, `${again} behind ${at}`);
    }
  });

  const gaps = places.slice(0, -1);
  test(`each left out: ${gaps.length} cases`, () => {
    for (const gap of gaps) {
      assertHeard(all.toSpliced(gap, 1), gap, 'decrypt_failed', `${gap}`);
    }
  });

  test(`each replaced by one of another session: ${places.length} cases`, () => {
    const backend = chooseBackend('native');
    for (const place of places) {
      const foreign = new CipherState(backend, new Uint8Array(32).fill(0xc3));
      foreign.setNonce(place);
      const record = Uint8Array.of(0, 0, 1, 9, ...new Uint8Array(60));
      const frame = Buffer.concat([Buffer.of(0, 80), foreign.seal(new Uint8Array(0), record)]);
      assertHeard(all.with(place, frame), place, 'decrypt_failed', `${place}`);
    }
  });

  test(`each replaced by one of the other direction: ${places.length} cases`, () => {
    for (const place of places) {
      const { send } = fixedSide(false).transport;
      send.setNonce(place);
      const record = Uint8Array.of(0, 0, 1, 9, ...new Uint8Array(60));
      const frame = Buffer.concat([Buffer.of(0, 80), send.seal(new Uint8Array(0), record)]);
      assertHeard(all.with(place, frame), place, 'decrypt_failed', `${place}`);
    }
  });
});

describe('rekeying at another record than the agreed one', () => {
  /** Hears records of a sender who rekeys before record `at`; returns the first that is refused. */
  const firstRefused = (at: number): number => {
    const cipher = fixedSide(true).transport.send;
    const record = Uint8Array.of(0, 0, 1, 9, ...new Uint8Array(60));
    const end = reader();
    for (let n = 0; n < REKEY_INTERVAL + 4; n++) {
      if (n === at) {
        cipher.rekey();
      }
      try {
        end.read(Buffer.concat([Buffer.of(0, 80), cipher.seal(new Uint8Array(0), record)]));
      } catch {
        return n;
      }
    }
    return -1;
  };
  test('not at all, too early, too late: 5 cases', () => {
    assert.equal(firstRefused(-1), REKEY_INTERVAL, 'not at all');
    assert.equal(firstRefused(0), 0, 'at once');
    assert.equal(firstRefused(REKEY_INTERVAL - 1), REKEY_INTERVAL - 1, 'a record too early');
    assert.equal(firstRefused(REKEY_INTERVAL + 1), REKEY_INTERVAL, 'a record too late');
    assert.equal(firstRefused(REKEY_INTERVAL), -1, 'as agreed');
  });
});
