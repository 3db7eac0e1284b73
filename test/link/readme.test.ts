import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { filesInReadme, filesOf } from '../support/readme.ts';
import {
  encodePrelude,
  encodeRefusal,
  KIND,
  limits,
  type PreludeRefusal,
  REFUSALS,
  SUITES,
  type Suite,
} from './support/internals.ts';

const README = readFileSync(new URL('../../src/link/README.md', import.meta.url), 'utf8');

/** Does the page say so? White space is as good as any other. */
function says(text: string): void {
  assert.ok(README.replace(/\s+/g, ' ').includes(text), text);
}

describe('src/link/README.md says what the code does', () => {
  test('the table of files has them all, and no other', () => {
    assert.deepEqual(filesInReadme('link'), filesOf('link'));
  });

  test('limits', () => {
    const rows = [...README.matchAll(/^\| [^|]+ \| (\d+)(?: bytes| ms)? \| `([A-Z_]+)` \|$/gm)];
    assert.ok(rows.length >= 13, 'the table is there');
    const constants = new Map<string, number>(Object.entries(limits));
    for (const [, value, name] of rows) {
      assert.equal(constants.get(name ?? ''), Number(value), `${name}`);
    }
  });

  test('suites', () => {
    for (const suite of Object.keys(SUITES) as Suite[]) {
      const { byte, protocol, messageOne } = SUITES[suite];
      says(`| \`0${byte}\` | \`${protocol}\` | ${messageOne} |`);
    }
  });

  test('prelude', () => {
    says('`46 52 54 48`, "FRTH"');
    assert.equal(Buffer.from(encodePrelude('XXhfs', 'peer')).toString('hex'), '46525448010202');
  });

  test('refusals', () => {
    const reasons = (Object.keys(REFUSALS) as PreludeRefusal[]).map((reason) => {
      assert.deepEqual([...encodeRefusal(reason)], [0, 0, REFUSALS[reason].byte]);
      return `\`0${REFUSALS[reason].byte}\` ${reason}`;
    });
    says(`reason: ${reasons.join(', ')}`);
  });

  test('kinds', () => {
    says(
      `kind: ${Object.entries(KIND)
        .map(([kind, byte]) => `\`0${byte}\` ${kind.toUpperCase()}`)
        .join(', ')}`,
    );
  });
});
