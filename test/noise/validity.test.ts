import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  basePattern,
  checkValidity,
  PATTERN_NAMES,
  type Pattern,
  type Role,
  type Token,
} from './support/internals.ts';

function patternOf(messages: readonly string[], known: readonly Role[] = []): Pattern {
  return { known, messages: messages.map((tokens) => tokens.split(', ') as Token[]) };
}

test('every pattern of the table is valid', () => {
  for (const name of PATTERN_NAMES) {
    const pattern = basePattern(name);
    assert.ok(pattern);
    checkValidity(pattern);
  }
});

describe('a pattern that breaks a rule is refused', () => {
  const both: readonly Role[] = ['initiator', 'responder'];
  const cases: readonly [why: string, pattern: Pattern, message: RegExp][] = [
    ['ee before the responder has sent e', patternOf(['e, ee']), /^ee before the responder's e \(.*rule 1\)/],
    ['es with an unknown s', patternOf(['e, es']), /^es before the responder's s \(.*rule 1\)/],
    ['se with an unknown s', patternOf(['e', 'e, ee, se']), /^se before the initiator's s \(.*rule 1\)/],
    ['ss with one unknown s', patternOf(['e, ss'], ['responder']), /^ss before the initiator's s/],
    ['e twice', patternOf(['e', 'e, ee', 'e']), /^the initiator's e is sent twice \(.*rule 2\)/],
    ['s twice', patternOf(['e, s', 'e, ee', 's, se']), /^the initiator's s is sent twice/],
    ['s that is known', patternOf(['e, s'], ['initiator']), /^the initiator's s is sent twice/],
    ['ee twice', patternOf(['e', 'e, ee', 'ee']), /^ee is done twice \(.*rule 3\)/],
    ['ss without es', patternOf(['e, ss'], both), /^the initiator encrypts after ss without es \(.*rule 4\)/],
    [
      'se without ee',
      patternOf(['e', 'e, se'], ['initiator']),
      /^the initiator encrypts after se without ee/,
    ],
    [
      'es without ee',
      patternOf(['e, es', 'e'], ['responder']),
      /^the responder encrypts after es without ee/,
    ],
    [
      'ss without se',
      patternOf(['e, es, ss', 'e, ee'], both),
      /^the responder encrypts after ss without se \(.*rule 4\)/,
    ],
    ['s encrypted too early', patternOf(['e, ss, s'], both), /^the initiator encrypts after ss without es/],
    ['psk without e', patternOf(['psk']), /^the initiator encrypts after psk without e \(Noise 9.3\)/],
    ['psk and s before e', patternOf(['psk, s, e']), /^the initiator encrypts after psk without e/],
    [
      'psk and an answer without e',
      patternOf(['psk, e', 's']),
      /^the responder encrypts after psk without e/,
    ],
  ];
  for (const [why, pattern, message] of cases) {
    test(why, () => assert.throws(() => checkValidity(pattern), { name: 'RangeError', message }));
  }

  test('but not one whose responder never sends', () => {
    checkValidity(patternOf(['psk, e']));
    checkValidity(patternOf(['e, es, ss'], both));
  });
});
