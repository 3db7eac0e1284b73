import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { userFolder } from './support/internals.ts';

describe('the folders of a user', () => {
  test('are where XDG says', () => {
    assert.equal(userFolder('config', 'farthing', { XDG_CONFIG_HOME: '/c', HOME: '/h' }), '/c/farthing');
    assert.equal(userFolder('data', 'farthing', { XDG_DATA_HOME: '/d', HOME: '/h' }), '/d/farthing');
    assert.equal(userFolder('state', 'farthing', { XDG_STATE_HOME: '/s', HOME: '/h' }), '/s/farthing');
  });

  test('are under HOME where it says nothing, or a path that is not absolute', () => {
    for (const xdg of [undefined, '', 'relative']) {
      const env = { XDG_CONFIG_HOME: xdg, XDG_DATA_HOME: xdg, XDG_STATE_HOME: xdg, HOME: '/h' };
      assert.equal(userFolder('config', 'farthing', env), '/h/.config/farthing');
      assert.equal(userFolder('data', 'farthing', env), '/h/.local/share/farthing');
      assert.equal(userFolder('state', 'farthing', env), '/h/.local/state/farthing');
    }
  });

  test('are where the system has the user at home, without HOME: never in the folder one happens to be in', () => {
    for (const HOME of [undefined, '', 'relative']) {
      const folder = userFolder('config', 'farthing', { HOME });
      assert.equal(folder, join(userInfo().homedir, '.config/farthing'));
    }
  });

  test('are nowhere for a user whom the system does not know', { skip: process.getuid?.() !== 0 }, () => {
    const program = join(import.meta.dirname, 'no-home.process.ts');
    const { stdout, stderr } = spawnSync(process.execPath, [program], { encoding: 'utf8' });
    assert.equal(stdout, 'undefined /h/.config/farthing\n', stderr);
  });
});
