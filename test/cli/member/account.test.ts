import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NotRememberedError, rememberAccount } from '../support/internals.ts';

test('a profile that cannot be written after the server has done it is an error of its own', async () => {
  const address = { host: '127.0.0.1', port: 1960, key: undefined };
  // A file where the folder of the profile would be.
  const account = { folder: import.meta.filename, profile: {}, address };
  await assert.rejects(
    rememberAccount(account, { profile: 'work' }, 'alice', () => {}),
    (error) =>
      error instanceof NotRememberedError &&
      error.account === 'alice' &&
      error.remedy === 'farthing register alice --profile work --server 127.0.0.1:1960' &&
      error.cause instanceof Error,
  );
});
