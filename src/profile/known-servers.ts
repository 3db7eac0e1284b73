import { join } from 'node:path';
import { formatEndpoint, parseAddress } from '../protocol/index.ts';
import { ProfileError } from './errors.ts';
import { readJson, writeJson } from './json-file.ts';
import { exclusively } from './private-file.ts';
import { configFolder } from './profile.ts';

/** A server seen before. */
export interface KnownServer {
  readonly host: string;
  readonly port: number;
  /** Its static key (32 bytes). */
  readonly key: Uint8Array;
}

/**
 * The servers seen before and the key of each, in one JSON file: `{"host:port": "<64 hex>"}`.
 * The file is read anew for each call, since other processes write it too; who changes it locks it meanwhile.
 */
export class KnownServers {
  readonly path: string;

  /** By default `known_servers.json` in the configuration folder. @throws ProfileError `no_home` */
  constructor(path: string = join(configFolder(), 'known_servers.json')) {
    this.path = path;
  }

  /** The key (32 bytes) known for a server, or undefined. @throws ProfileError `damaged`, `io` */
  async find(host: string, port: number): Promise<Uint8Array | undefined> {
    return (await this.#read()).get(endpoint(host, port))?.key;
  }

  /** Every server known. @throws ProfileError `damaged`, `io` */
  async list(): Promise<KnownServer[]> {
    return [...(await this.#read()).values()];
  }

  /**
   * Remembers a server's key (32 bytes).
   * @throws ProfileError `exists` when another key is known for it; `damaged`, `io`
   */
  async add(host: string, port: number, key: Uint8Array): Promise<void> {
    await exclusively(this.path, async () => {
      const servers = await this.#read();
      const known = servers.get(endpoint(host, port));
      if (known !== undefined) {
        if (Buffer.from(known.key).equals(key)) {
          return;
        }
        throw new ProfileError('exists', `${this.path} (${endpoint(host, port)})`);
      }
      servers.set(endpoint(host, port), { host, port, key });
      this.#write(servers);
    });
  }

  /**
   * Forgets a server; with no port every server of that host. Returns how many were forgotten.
   * @throws ProfileError `damaged`, `io`
   */
  async remove(host: string, port?: number): Promise<number> {
    // There may be no folder to lock anything in, and none is made for this.
    if ((await this.list()).length === 0) {
      return 0;
    }
    return exclusively(this.path, async () => {
      const servers = await this.#read();
      const before = servers.size;
      for (const [name, known] of servers) {
        const same = known.host.toLowerCase() === host.toLowerCase();
        if (same && (port === undefined || known.port === port)) {
          servers.delete(name);
        }
      }
      if (servers.size < before) {
        this.#write(servers);
      }
      return before - servers.size;
    });
  }

  async #read(): Promise<Map<string, KnownServer>> {
    const servers = new Map<string, KnownServer>();
    for (const [name, key] of (await readJson(this.path)) ?? []) {
      const address = parseAddress(`${name}#${String(key)}`);
      if (address?.key === undefined) {
        throw new ProfileError('damaged', this.path);
      }
      const { host, port } = address;
      servers.set(endpoint(host, port), { host, port, key: address.key });
    }
    return servers;
  }

  #write(servers: ReadonlyMap<string, KnownServer>): void {
    const entries = [...servers].sort(([a], [b]) => (a < b ? -1 : 1));
    const json = Object.fromEntries(
      entries.map(([name, { key }]) => [name, Buffer.from(key).toString('hex')]),
    );
    writeJson(this.path, json);
  }
}

/** Host names are the same in any case (RFC 4343). */
function endpoint(host: string, port: number): string {
  return formatEndpoint(host.toLowerCase(), port);
}
