import { readFileSync } from 'node:fs';

/** What this program says of itself in a handshake, such as `farthing/0.1.0`. */
export function defaultAgent(): string {
  return `farthing/${projectVersion()}`;
}

/** The project's version, as its package.json says; the same place from the sources and from the build. */
export function projectVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { version }: { version: string } = JSON.parse(text);
  return version;
}
