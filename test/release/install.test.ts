// The package as others have it: installed into empty folders by each package manager, imported,
// type-checked, bundled.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Program } from '../support/program.ts';
import { Leftovers, newFolder, Person, RunningServer } from '../support/programs.ts';
import { bundle } from './bundle.ts';
import { Consumer, type Manager, NPM, PNPM, tarball, YARN } from './consumer.ts';

const ROOT = join(import.meta.dirname, '../..');
const MODULES = join(ROOT, 'node_modules');
const { version: VERSION } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

const leftovers = new Leftovers();
let file: string;
before(async () => {
  file = await tarball(leftovers);
});
after(() => leftovers.clear());

/** Installs the tarball, and says nothing of scripts, since no package has one that would run. */
async function install(
  manager: Manager,
  env: NodeJS.ProcessEnv = {},
  ...options: readonly string[]
): Promise<Consumer> {
  const consumer = new Consumer(leftovers, manager, env);
  assert.doesNotMatch(await consumer.add(file, ...options), /(install|build)[- ]scripts/i);
  const locked = readFileSync(join(consumer.folder, manager.lockFile), 'utf8');
  assert.match(locked, /@noble\/curves/);
  assert.doesNotMatch(locked, /msgpackr/);
  return consumer;
}

/** What the package is for a module, and for a file of CommonJS. */
const IMPORTS = `
  import { createRequire } from 'node:module';
  import { chooseBackend, Wallet } from 'farthing';
  import { connect } from 'farthing/link';
  const required = createRequire(import.meta.url)('farthing');
  console.log(typeof Wallet.connect, typeof connect, typeof required.Wallet.connect);
  console.log(chooseBackend('noble').description, chooseBackend('native').description);
`;

async function assertStarts(consumer: Consumer, native: RegExp): Promise<void> {
  consumer.write('imports.js', IMPORTS);
  const lines = await consumer.shell('farthing --version && farthing-server --version && node imports.js');
  const [member, , , , server, , , , imported, backends, ...rest] = lines.trimEnd().split('\n');
  assert.deepEqual([member, server], [`farthing ${VERSION}`, `farthing-server ${VERSION}`]);
  assert.equal(imported, 'function function function');
  assert.match(backends ?? '', native);
  assert.deepEqual(rest, []);
}

const WITH_SODIUM = /^noble native \(sodium-native /;
const WITHOUT_SODIUM = /^noble native \(OpenSSL /;

/** What a program in TypeScript says to the package. */
const TYPED = `
  import { type Payment, startServer, Wallet, type WalletEvents } from 'farthing';
  import { generateKeyPair, type Link } from 'farthing/link';
  export const wallet: Promise<Wallet> = Wallet.connect({
    host: 'localhost', port: 1960, serverKey: new Uint8Array(32), identity: generateKeyPair(),
  });
  export const pay = async (): Promise<Payment> => (await wallet).pay('bob', 1250, { memo: 'lunch' });
  export type Heard = WalletEvents['said'][0]['text'];
  export const send = (link: Link, text: Heard): boolean => link.send(new TextEncoder().encode(text));
  // @ts-expect-error: a port is a number
  void startServer({ port: 'any' });
`;

async function assertTyped(consumer: Consumer, module: string, moduleResolution: string): Promise<void> {
  consumer.write(`${moduleResolution}.ts`, TYPED);
  const compilerOptions = {
    ...{ module, moduleResolution, target: 'es2024', strict: true, noEmit: true },
    // The declarations themselves are checked once.
    skipLibCheck: moduleResolution !== 'nodenext',
    ...{ types: ['node'], typeRoots: [join(MODULES, '@types')] },
  };
  const config = { compilerOptions, files: [`${moduleResolution}.ts`] };
  consumer.write(`${moduleResolution}.json`, JSON.stringify(config));
  await consumer.run([join(MODULES, '.bin/tsc'), '-p', `${moduleResolution}.json`]);
}

/** A wallet that takes a name and logs in, as a program that is bundled. */
const WALLET = `
  import { fetchServerKey, generateKeyPair, Wallet } from 'farthing';
  const [name, port] = process.argv.slice(2);
  async function main() {
    const server = { host: '127.0.0.1', port: Number(port) };
    const serverKey = await fetchServerKey(server.host, server.port);
    const wallet = await Wallet.connect({ ...server, serverKey, identity: generateKeyPair() });
    await wallet.register(name);
    const { balance } = await wallet.login(name);
    console.log(wallet.serverAgent, balance, wallet.backend);
    await wallet.exit();
  }
  void main();
`;

describe('installed', { concurrency: 2 }, () => {
  describe('by npm', () => {
    let consumer: Consumer;
    let server: RunningServer;
    before(async () => {
      consumer = await install(NPM);
      server = await RunningServer.start(leftovers);
    });

    test('no package has a script that runs at the installation', () => {
      const lock = readFileSync(join(consumer.folder, 'node_modules/.package-lock.json'), 'utf8');
      const { packages } = JSON.parse(lock) as { packages: Record<string, { hasInstallScript?: boolean }> };
      const scripts = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript);
      assert.deepEqual(scripts, []);
    });

    test('its programs start, and it can be imported and required', async () => {
      await assertStarts(consumer, WITH_SODIUM);
    });

    for (const [module, moduleResolution] of [
      ['node16', 'node16'],
      ['nodenext', 'nodenext'],
      ['esnext', 'bundler'],
    ] as const) {
      test(`TypeScript finds its types with moduleResolution ${moduleResolution}`, async () => {
        await assertTyped(consumer, module, moduleResolution);
      });
    }

    for (const format of ['esm', 'cjs'] as const) {
      test(`a wallet is bundled as ${format}, and logs in wherever the bundle is`, async (t) => {
        consumer.write('wallet.js', WALLET);
        const file = await bundle(join(consumer.folder, 'wallet.js'), format, newFolder(t));
        assert.doesNotMatch(readFileSync(file, 'utf8'), /node:sqlite/, 'the server is left out');

        const run = (name: string, env: NodeJS.ProcessEnv = {}): Promise<string> =>
          consumer.node([file, `${name}-${format}`, String(server.port)], env);
        const agent = `farthing-server/${VERSION} 1000000`;
        assert.match(await run('alice'), new RegExp(`^${agent} native \\(OpenSSL `));
        assert.equal(await run('bob', { FARTHING_BACKEND: 'noble' }), `${agent} noble\n`);
      });
    }

    test('sodium-native, which is no part of a bundle, is found beside it', async () => {
      consumer.write(
        'backend.js',
        "import { chooseBackend } from 'farthing'; console.log(chooseBackend().description)",
      );
      const file = await bundle(join(consumer.folder, 'backend.js'), 'esm', consumer.folder);
      assert.match(await consumer.node([file]), /sodium-native/);
    });

    test('the program is bundled too, and knows its version', async (t) => {
      const program = join(consumer.folder, 'node_modules/farthing/dist/cli/bin/farthing.js');
      const file = await bundle(program, 'esm', newFolder(t));
      assert.match(await consumer.node([file, '--version']), new RegExp(`^farthing ${VERSION}\\n`));
    });
  });

  test('by npm for production, without optional packages: a server runs, and a member registers', async (t) => {
    const consumer = await install(NPM, { NODE_ENV: 'production' }, '--omit=optional');
    await assertStarts(consumer, WITHOUT_SODIUM);
    const programs = join(consumer.folder, 'node_modules/farthing/dist/cli/bin');
    const { env } = new Person(t);
    const data = newFolder(t);
    const words = ['0', '--host', '127.0.0.1', '--data', data, '--json', '--metrics', '0'];
    const server = new Program([join(programs, 'farthing-server.js'), ...words], env);
    t.after(() => server.kill('SIGKILL'));
    const { port, key } = JSON.parse(await server.line('"listening"')) as { port: number; key: string };
    const to = ['--server', `127.0.0.1:${port}`, '--server-key', key];
    const member = new Program([join(programs, 'farthing.js'), 'register', 'alice', ...to], env);
    member.end();
    assert.deepEqual(await member.ended, { status: 0, stdout: '100 OK\n', stderr: '' });
    server.kill('SIGTERM');
    assert.equal((await server.ended).status, 0);
  });

  test('by pnpm', async () => {
    await assertStarts(await install(PNPM), WITH_SODIUM);
  });

  test('by Yarn, without node_modules', async () => {
    await assertStarts(await install(YARN), WITH_SODIUM);
  });
});
