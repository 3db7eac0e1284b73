import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  BusyError,
  NotConnectedError,
  OutcomeUnknownError,
  PeerPortError,
  PeerRefusedError,
  PeerUnreachableError,
  RefusedError,
  WrongServerKeyError,
} from '../../../../src/client/index.ts';
import { LinkError } from '../../../../src/link/index.ts';
import { ProfileError } from '../../../../src/profile/index.ts';
import {
  explain,
  FirstContactError,
  GivenKeyError,
  InterruptedError,
  NotAuthenticatedError,
  NotRememberedError,
  OtherKeyGivenError,
  UsageError,
  whyClosed,
} from '../../support/internals.ts';

const KEY = new Uint8Array(32).fill(0x11);
const SERVER = 'example.org:1960';

const CASES: [error: unknown, status: number, name: string, text: RegExp][] = [
  [new RefusedError(311, 'PAYEE_OFFLINE', 'FAIL: Payee is not online'), 1, 'PAYEE_OFFLINE', /^FAIL: Payee/],
  [new RefusedError(999, 'NEW', 'something new'), 1, 'NEW', /^something new$/],
  [new RefusedError(220, 'AUTH_FAIL', '220 AUTH_FAIL'), 4, 'AUTH_FAIL', /^220 AUTH_FAIL$/],
  [new PeerUnreachableError('offline', 'bob'), 1, 'PEER_OFFLINE', /^bob is not online$/],
  [new PeerUnreachableError('no_peer_links', 'bob'), 1, 'PEER_UNREACHABLE', /^bob takes no direct links$/],
  [new PeerUnreachableError('unreachable', 'bob'), 1, 'PEER_UNREACHABLE', /^bob could not be reached/],
  [new PeerUnreachableError('too_many', 'bob'), 1, 'PEER_UNREACHABLE', /^too many direct links/],
  [new UsageError('no'), 2, 'USAGE', /^no$/],
  [new ProfileError('exposed', '/key'), 2, 'FILE', /^\/key may be read by others/],
  [new PeerPortError(6000), 2, 'PORT', /port 6000/],
  [new FirstContactError(SERVER, KEY), 2, 'UNKNOWN_SERVER', /never seen before/],
  [new NotConnectedError(), 3, 'NO_CONNECTION', /not connected.*example\.org:1960/],
  [new BusyError(), 3, 'NO_CONNECTION', /too many requests/],
  [new LinkError('unreachable'), 3, 'NO_CONNECTION', /no connection to example\.org:1960/],
  [new LinkError('truncated'), 3, 'NO_CONNECTION', /the connection broke/],
  [new NotAuthenticatedError('farthing register NAME'), 4, 'NO_ACCOUNT', /no account yet/],
  [new WrongServerKeyError(KEY, KEY), 5, 'WRONG_SERVER_KEY', /does not have the key that is known for it/],
  [new OtherKeyGivenError(SERVER, KEY, KEY), 5, 'WRONG_SERVER_KEY', /^the key given is not the one known/],
  [new GivenKeyError(SERVER, KEY, KEY), 5, 'WRONG_SERVER_KEY', /does not have the key that was given for it/],
  [new OutcomeUnknownError(), 6, 'OUTCOME_UNKNOWN', /not known whether/],
  [new OutcomeUnknownError({ id: new Uint8Array(16) }), 6, 'OUTCOME_UNKNOWN', /may have been made, or not/],
  [
    new NotRememberedError('alice', 'farthing register alice', new ProfileError('io', '/profile.json')),
    74,
    'FILE',
    /^the server has done it, but .* alice$/,
  ],
  [new InterruptedError(143, new Uint8Array(16)), 143, 'OUTCOME_UNKNOWN', /^interrupted: .* or not$/],
  [new TypeError('x is undefined'), 70, 'FAULT', /fault in farthing itself: TypeError: x is undefined/],
  ['thrown', 70, 'FAULT', /thrown/],
];

describe('explain', () => {
  for (const [error, status, name, text] of CASES) {
    test(`${error instanceof Error ? error.name : error} is status ${status}, ${name}`, () => {
      const failure = explain(error, SERVER);
      assert.equal(failure.status, status);
      assert.equal(failure.name, name);
      assert.match(failure.text, text);
      assert.equal(failure.code, error instanceof RefusedError ? error.code : null);
    });
  }

  test('a wrong key shows both keys and the one way on', () => {
    const { advice } = explain(new WrongServerKeyError(KEY, new Uint8Array(32)), SERVER);
    assert.match(
      advice.join('\n'),
      /Known: 1111 1111.*\nNow: {3}0000 0000.*\n.*\n.*farthing forget example\.org:1960/,
    );
  });

  test('a key that was only typed accuses nobody', () => {
    const { advice } = explain(new OtherKeyGivenError(SERVER, KEY, new Uint8Array(32)), SERVER);
    assert.match(
      advice.join('\n'),
      /Known: 1111 1111.*\nGiven: 0000 0000.*\nNobody was contacted.*\n.*farthing forget example\.org:1960$/,
    );
    assert.doesNotMatch(advice.join('\n'), /Now:|somebody/);
  });

  test('a wallet that closed while logging in again closed for what broke the link', () => {
    const cause = new LinkError('bad_message');
    assert.equal(whyClosed(new OutcomeUnknownError({ cause })), cause);
    assert.equal(whyClosed(cause), cause);
  });

  test('something that only looks has no outcome to be unknown, even when the server closed the link itself', () => {
    assert.equal(explain(whyClosed(new OutcomeUnknownError()), SERVER).status, 3);
  });

  test('a key that was given for a server never seen before is what is to be checked', () => {
    const { advice } = explain(new GivenKeyError(SERVER, KEY, new Uint8Array(32)), SERVER);
    assert.match(
      advice.join('\n'),
      /^Given: 1111 1111.*\nNow: {3}0000 0000.*\n.*\nCheck the key \(--server-key/,
    );
    assert.doesNotMatch(advice.join('\n'), /forget/);
  });

  test('what could not be remembered says why, and what then remembers it', () => {
    const cause = new ProfileError('io', '/profile.json', { cause: new Error('no space left') });
    assert.deepEqual(
      explain(new NotRememberedError('alice', 'farthing register alice', cause), SERVER).advice,
      [
        '/profile.json cannot be read or written',
        'no space left',
        'When that is put right: farthing register alice',
      ],
    );
  });

  for (const error of [
    new RefusedError(500, 'INTERNAL', 'FAIL: Internal error'),
    new PeerUnreachableError('no_peer_links', 'bob'),
    new PeerUnreachableError('unreachable', 'bob'),
    new PeerRefusedError('bob', 'TOO_MANY'),
    new PeerRefusedError('bob', 'BAD_REQUEST'),
    new OutcomeUnknownError(),
  ]) {
    test(`${error.name} (${error.message}) says what to do`, () => {
      assert.ok(explain(error, SERVER).advice.length > 0);
    });
  }

  test('the name of a refusal is never taken for a word of ours', () => {
    for (const name of ['constructor', '__proto__']) {
      assert.equal(explain(new RefusedError(999, name, 'no'), SERVER).meaning, undefined);
    }
  });

  test('an outcome unknown carries the id', () => {
    const { id, advice } = explain(new OutcomeUnknownError({ id: new Uint8Array(16).fill(1) }), SERVER);
    assert.equal(id, '01'.repeat(16));
    assert.match(advice[0] ?? '', new RegExp(`--id ${id}$`));
  });

  test('an outcome unknown names whose order it is and at which server, where that is known', () => {
    const { advice } = explain(new OutcomeUnknownError({ id: new Uint8Array(16) }), SERVER, 'alice');
    assert.match(advice[0] ?? '', /: --as alice --server example\.org:1960 --id 0{32}$/);
  });

  test('where no order was asked for, nothing was learnt of one that may have been given before', () => {
    const order = new Uint8Array(16).fill(1);
    const unlearnt = new RegExp(
      `^Nothing was learnt of the order ${'01'.repeat(16)}, which may be asked again`,
    );
    for (const error of [
      new NotConnectedError(),
      new RefusedError(220, 'AUTH_FAIL', '220 AUTH_FAIL'),
      new NotAuthenticatedError('farthing register NAME'),
      new WrongServerKeyError(KEY, KEY),
    ]) {
      assert.match(explain(error, SERVER, 'alice', order).advice.at(-1) ?? '', unlearnt);
    }
    for (const error of [
      new RefusedError(311, 'PAYEE_OFFLINE', 'no'),
      new OutcomeUnknownError({ id: order }),
    ]) {
      assert.doesNotMatch(explain(error, SERVER, 'alice', order).advice.join('\n'), /learnt/);
    }
  });

  test('an outcome unknown tells what the server said instead of an answer, as words of the server', () => {
    const cause = new RefusedError(400, 'BAD_REQUEST', 'FAIL: The account is frozen');
    const failure = explain(new OutcomeUnknownError({ cause, id: new Uint8Array(16) }), SERVER);
    assert.equal(
      failure.text,
      'the server said: FAIL: The account is frozen: the payment may have been made, or not',
    );
    assert.equal(failure.isRemote, true);
  });

  test('the system says in its own code why there is no connection', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    assert.match(explain(new LinkError('unreachable', { cause }), SERVER).text, /\(ECONNREFUSED\)$/);
  });
});
