// The lock files as they must be for `npm ci` to work on every platform and with any registry.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
  readonly optionalDependencies?: Record<string, string>;
}

const ROOT = join(import.meta.dirname, '../..');
const read = (name: string): unknown => JSON.parse(readFileSync(join(ROOT, name), 'utf8'));

// The project's own, and that of what `make docs` installs.
for (const folder of ['.', '.typedoc']) {
  const { packages } = read(join(folder, 'package-lock.json')) as { packages: Record<string, LockedPackage> };
  const { allowScripts = {} } = read(join(folder, 'package.json')) as {
    allowScripts?: Record<string, boolean>;
  };
  const installed = Object.entries(packages).filter(([path]) => path !== '');

  describe(join(folder, 'package-lock.json'), () => {
    test('the packages of other platforms are locked too', () => {
      // Where the registry lacks one of them, npm writes a lock file without it, and `npm ci` then refuses
      // that lock file.
      const missing = Object.values(packages)
        .flatMap(({ optionalDependencies }) => Object.keys(optionalDependencies ?? {}))
        .filter((name) => packages[`node_modules/${name}`] === undefined);
      assert.deepEqual(missing, []);
    });

    test('every package is locked to its content, and to no registry and no folder', () => {
      assert.ok(installed.length > 0);
      for (const [path, { integrity, resolved }] of installed) {
        assert.match(integrity ?? '', /^sha512-/, path);
        assert.equal(resolved, undefined, path);
      }
    });

    test('every install script is allowed or denied by name', () => {
      const scripts = installed.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path);
      assert.deepEqual(
        scripts.map((path) => path.replace(/^.*node_modules\//, '')).sort(),
        Object.keys(allowScripts).sort(),
      );
    });
  });
}
