import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { figure, median, percentile, quotients, spread } from '../../bench/report/statistics.ts';

const positive = fc.double({ min: 1e-6, max: 1e9, noNaN: true });
const several = fc.array(positive, { minLength: 1, maxLength: 20 });

describe('the median', () => {
  test('of an odd and an even number of values, in any order', () => {
    assert.equal(median([9, 1, 5]), 5);
    assert.equal(median([4, 1, 3, 2]), 2.5);
    assert.equal(median([]), null);
  });

  test('as many values are not below it as are not above it, and their order does not matter', () => {
    fc.assert(
      fc.property(several, (values) => {
        const middle = median(values) ?? Number.NaN;
        const below = values.filter((value) => value < middle).length;
        const above = values.filter((value) => value > middle).length;
        assert.ok(below <= values.length / 2 && above <= values.length / 2);
        assert.equal(median(values.toReversed()), middle);
      }),
    );
  });

  test('two disturbed rounds of five do not take it out of the other three', () => {
    fc.assert(
      fc.property(fc.array(positive, { minLength: 3, maxLength: 3 }), positive, positive, (good, a, b) => {
        const middle = median([...good, a, b]) ?? Number.NaN;
        assert.ok(middle >= Math.min(...good) && middle <= Math.max(...good));
      }),
    );
  });
});

describe('the spread', () => {
  test('is the distance between the ends as a share of the median', () => {
    assert.equal(spread([8, 10, 12]), 0.4);
    assert.equal(spread([7, 7, 7]), 0);
  });

  test('one round has none, and neither have none', () => {
    assert.equal(spread([7]), null);
    assert.equal(spread([]), null);
  });

  test('the unit does not matter', () => {
    fc.assert(
      fc.property(fc.array(positive, { minLength: 2 }), (values) => {
        const [one, other] = [spread(values), spread(values.map((value) => 1_024 * value))];
        assert.equal(one, other);
      }),
    );
  });
});

test('a percentile is one of the values, and that share of them is not above it', () => {
  fc.assert(
    fc.property(several, fc.double({ min: 0.01, max: 1, noNaN: true }), (values, share) => {
      const sorted = values.toSorted((a, b) => a - b);
      const found = percentile(sorted, share) ?? Number.NaN;
      assert.ok(values.includes(found));
      assert.ok(values.filter((value) => value <= found).length >= share * values.length);
    }),
  );
  assert.equal(percentile([1, 2, 3, 4], 0.5), 2);
  assert.equal(percentile([1, 2, 3, 4], 0.99), 4);
  assert.equal(percentile([], 0.5), null);
});

test('quotients leave out the rounds in which one of the two is missing', () => {
  assert.deepEqual(quotients([6, null, 8, 9], [2, 2, null]), [3]);
});

test('what is not a measured number is null', () => {
  for (const value of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, undefined, null]) {
    assert.equal(figure(value), null);
  }
  assert.equal(figure(0.5), 0.5);
});
