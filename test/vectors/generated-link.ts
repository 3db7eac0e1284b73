import { linkHandshakes } from './link-handshakes.ts';
import { linkRecords } from './link-records.ts';

/** The text of every file of links that is made here, under its name. */
export function generatedLink(): Map<string, string> {
  return new Map([
    ['link-handshakes.json', file(linkHandshakes())],
    ['link-records.json', file(linkRecords())],
  ]);
}

function file(contents: object): string {
  return `${JSON.stringify(contents, null, 2)}\n`;
}
