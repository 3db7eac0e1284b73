import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as library from '../../src/index.ts';

test('the library is links, the wallet with its errors, and the server; nothing more', () => {
  assert.deepEqual(Object.keys(library).toSorted(), [
    'BusyError',
    'Link',
    'LinkError',
    'MAX_MESSAGE',
    'MAX_PAYLOAD',
    'NotConnectedError',
    'OutcomeUnknownError',
    'PeerPortError',
    'PeerRefusedError',
    'PeerUnreachableError',
    'RefusedError',
    'Server',
    'ServerError',
    'Wallet',
    'WrongServerKeyError',
    'chooseBackend',
    'connect',
    'fetchServerKey',
    'formatAddress',
    'generateKeyPair',
    'keyPairFromSecret',
    'listen',
    'newOrderId',
    'parseAddress',
    'startServer',
  ]);
});
