import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { verifyFiles } from '../vectors/verification.ts';

const VECTORS = join(import.meta.dirname, '../vectors');
const folder = mkdtempSync(join(tmpdir(), 'farthing-vectors-'));
after(() => rmSync(folder, { recursive: true }));

interface Fields {
  [field: string]: unknown;
  messages: { payload: string | null; ciphertext: string }[];
}

/** A published vector: any change is made to a copy. */
function published(name: string): Fields {
  const { vectors } = JSON.parse(readFileSync(join(VECTORS, 'cacophony.txt'), 'utf8')) as {
    vectors: Fields[];
  };
  const vector = vectors.find((fields) => fields['protocol_name'] === name);
  assert.ok(vector, name);
  return structuredClone(vector);
}

const XX = 'Noise_XX_25519_ChaChaPoly_SHA256';

/** Verifies a file of that content: the exit status, the last line, and all lines. */
function run(content: unknown): { status: number; last: string | undefined; lines: string[] } {
  const path = join(folder, 'vectors.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  const lines: string[] = [];
  const status = verifyFiles([path], (line) => lines.push(line));
  return { status, last: lines.at(-1), lines };
}

describe('what passes', () => {
  const passing: readonly [what: string, content: () => unknown][] = [
    ['an object with vectors', () => ({ vectors: [published(XX)] })],
    ['an array', () => [published(XX)]],
    [
      'capital digits',
      () => {
        const vector = JSON.parse(
          JSON.stringify(published(XX)).replaceAll(/"([0-9a-f]{8,})"/g, (hex) => hex.toUpperCase()),
        );
        assert.notDeepEqual(vector, published(XX));
        return [vector];
      },
    ],
    [
      'a name in parts, as in files of noise-c, and null for what is absent',
      () => {
        const { protocol_name, ...fields } = published('Noise_NN_25519_ChaChaPoly_BLAKE2b');
        return [
          {
            ...fields,
            name: 'any text',
            pattern: 'NN',
            dh: '25519',
            cipher: 'ChaChaPoly',
            hash: 'BLAKE2b',
            init_static: null,
            resp_psk: null,
            fail: false,
          },
        ];
      },
    ],
    [
      'a whole name under "name"',
      () => {
        const { protocol_name, ...fields } = published(XX);
        return [{ name: protocol_name, ...fields }];
      },
    ],
    [
      'without a handshake hash and without transport messages',
      () => {
        const { handshake_hash, messages, ...fields } = published(XX);
        return [{ ...fields, messages: messages.slice(0, 3) }];
      },
    ],
    [
      'pre-shared keys of one side only, a known key that is not written out',
      () => {
        const { resp_psks, init_remote_static, ...fields } = published(
          'Noise_NKpsk2_25519_ChaChaPoly_SHA512',
        );
        assert.ok(resp_psks && init_remote_static);
        return [fields];
      },
    ],
    [
      'a failure that is expected',
      () => {
        const vector = published(XX);
        vector.messages = vector.messages.slice(0, 2);
        return [
          {
            ...vector,
            fail: true,
            resp_prologue: '00',
            messages: [vector.messages[0], { ...vector.messages[1], ciphertext: '00'.repeat(112) }],
          },
        ];
      },
    ],
  ];
  for (const [what, content] of passing) {
    test(what, () => {
      const { status, last, lines } = run(content());
      assert.equal(last, '2 passed, 0 failed, 0 skipped', lines.join('\n'));
      assert.equal(status, 0);
    });
  }
});

describe('what fails', () => {
  const changed = (change: (vector: Fields) => void): Fields[] => {
    const vector = published(XX);
    change(vector);
    return [published(XX), vector];
  };
  const last = (hex: string): string => hex.slice(0, -1) + (hex.endsWith('0') ? '1' : '0');
  const failing: readonly [what: string, content: () => unknown, line: RegExp][] = [
    ...Array.from({ length: 6 }, (_, index): [string, () => unknown, RegExp] => [
      `another ciphertext of message ${index + 1}`,
      () =>
        changed(({ messages }) => {
          const m = messages[index];
          if (m) {
            m.ciphertext = last(m.ciphertext);
          }
        }),
      new RegExp(`vector #2, ${XX}: message ${index + 1}, written: .*must be`),
    ]),
    [
      'another payload',
      () =>
        changed(({ messages }) => {
          const m = messages[2];
          if (m) {
            m.payload = `${m.payload}00`;
          }
        }),
      /message 3, written/,
    ],
    [
      'another handshake hash',
      () =>
        changed((v) => {
          v['handshake_hash'] = '00'.repeat(32);
        }),
      /the handshake hash: 32 of 32 bytes, from byte 0/,
    ],
    [
      'another prologue on one side',
      () =>
        changed((v) => {
          v['resp_prologue'] = '00';
        }),
      /message 2, written/,
    ],
    [
      'too few messages',
      () =>
        changed((v) => {
          v.messages = v.messages.slice(0, 2);
        }),
      /end before the handshake/,
    ],
    [
      'no messages',
      () =>
        changed((v) => {
          v.messages = [];
        }),
      /messages is not an array of some/,
    ],
    [
      'a missing ephemeral key',
      () =>
        changed((v) => {
          delete v['resp_ephemeral'];
        }),
      /the responder's ephemeral key is missing/,
    ],
    [
      'a missing static key',
      () =>
        changed((v) => {
          delete v['init_static'];
        }),
      /its own static keys are missing/,
    ],
    [
      'digits that are none',
      () =>
        changed((v) => {
          v['init_static'] = 'xy';
        }),
      /init_static is not in hexadecimal/,
    ],
    [
      'a failure that does not come',
      () =>
        changed((v) => {
          v['fail'] = true;
        }),
      /the last message is not refused/,
    ],
    ['a vector that is none', () => [published(XX), { protocol_name: XX }], /messages is not an array/],
  ];
  for (const [what, content, line] of failing) {
    test(what, () => {
      const { status, last: numbers, lines } = run(content());
      assert.equal(numbers, '2 passed, 2 failed, 0 skipped', lines.join('\n'));
      assert.equal(status, 1);
      assert.equal(lines.filter((text) => line.test(text)).length, 2, lines.join('\n'));
    });
  }

  test('a file without vectors', () => {
    for (const content of [{ vectors: [] }, {}, [], 'null', '"text"']) {
      const { status, last: numbers } = run(content);
      assert.deepEqual([status, numbers], [1, '0 passed, 1 failed, 0 skipped']);
    }
  });
});

test('what has a name that is not supported is skipped, and its name is listed once', () => {
  const other = (name: string) => ({ ...published(XX), protocol_name: name });
  const fallback = {
    ...published('Noise_IK_25519_ChaChaPoly_SHA256'),
    fallback: true,
    fallback_pattern: 'XXfallback',
  };
  const names = [
    'Noise_XX_448_ChaChaPoly_SHA256',
    'Noise_XX_25519_AESGCM_SHA256',
    'Noise_XX_25519_AESGCM_SHA256',
  ];
  const { status, last, lines } = run([published(XX), ...names.map(other), fallback, 7]);
  assert.equal(last, '2 passed, 0 failed, 10 skipped');
  assert.equal(status, 0);
  const listed = lines.filter((line) => line.startsWith('  '));
  assert.deepEqual(listed, [
    '  Noise_XX_448_ChaChaPoly_SHA256',
    '  Noise_XX_25519_AESGCM_SHA256',
    '  Noise_IK_25519_ChaChaPoly_SHA256, then XXfallback',
    '  no protocol name',
  ]);
});

describe('the command', () => {
  const command = (...args: string[]) =>
    spawnSync(process.execPath, [join(VECTORS, 'verify.ts'), ...args], { encoding: 'utf8' });

  test('verifies files and ends with the numbers', () => {
    const { status, stdout } = command(
      join(VECTORS, 'noise-rekey.json'),
      join(VECTORS, 'noise-handshakes.json'),
    );
    assert.equal(status, 0);
    assert.match(stdout, /\n12 passed, 0 failed, 0 skipped\n$/);
  });

  test('exits with 2 for wrong usage and for what it cannot read', () => {
    const broken = join(folder, 'broken.json');
    writeFileSync(broken, '{');
    for (const args of [[], ['--help'], [join(folder, 'absent.json')], [broken], [folder]]) {
      assert.equal(command(...args).status, 2, args.join(' '));
    }
  });
});
