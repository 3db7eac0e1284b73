import { readFileSync } from 'node:fs';

/** What this program says of itself in a handshake: `farthing/` and the version in package.json. */
export function defaultAgent(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return `farthing/${String((JSON.parse(text) as { version: unknown }).version)}`;
}
