import { record, type Step } from './record.ts';
import { refusals } from './refusals.ts';
import { setupOf, XX, XXhfs } from './setup.ts';

/** The prologues of the wire: "FRTH", version 1, suite, purpose. */
const PRELUDES = [
  { protocol: XX, link: 'client and server', prologue: '46525448010101' },
  { protocol: XX, link: 'two peers', prologue: '46525448010102' },
  { protocol: XXhfs, link: 'client and server', prologue: '46525448010201' },
  { protocol: XXhfs, link: 'two peers', prologue: '46525448010202' },
] as const;

/**
 * The payloads of a handshake on the wire: none, and twice the map of MessagePack {"agent":
 * "farthing/0.1.0"}.
 */
const AGENT = Buffer.concat([Buffer.from('81a56167656e74ae', 'hex'), Buffer.from('farthing/0.1.0')]);
const HANDSHAKE: readonly Step[] = [{}, { payload: AGENT }, { payload: AGENT }];

/** Records of the wire with empty bodies, padded to 64 bytes. */
const [CLOSE, PING, PONG] = [1, 2, 3].map((kind) => Uint8Array.of(kind, ...new Uint8Array(63)));

/** The text of every file that is made here, under its name. */
export function generated(): Map<string, string> {
  return new Map([
    ['noise-handshakes.json', file(handshakes())],
    ['noise-rekey.json', file(rekeys())],
    ['noise-refusals.json', file(refusals())],
  ]);
}

function handshakes(): object[] {
  return PRELUDES.map(({ protocol, link, prologue }) =>
    record(link, setupOf(protocol, prologue), [
      ...HANDSHAKE,
      ...[PONG, PING, CLOSE, CLOSE].map((payload) => ({ payload: payload ?? AGENT })),
    ]),
  );
}

/** The initiator rekeys before its second message and each that follows, the responder before every other. */
function rekeys(): object[] {
  const transport = Array.from({ length: 16 }, (_, index): Step => {
    const rekeys = index % 2 === 1 ? index > 1 : index % 4 === 2;
    return { payload: Buffer.from(`message ${index + 4}`), ...(rekeys ? { rekey: 'both' } : {}) };
  });
  return ([XX, XXhfs] as const).map((protocol) =>
    record('REKEY in both directions', setupOf(protocol, ''), [{}, {}, {}, ...transport]),
  );
}

/** As the formatter leaves it: an array of one short text stands on one line. */
function file(vectors: readonly object[]): string {
  const text = JSON.stringify({ vectors }, null, 2);
  return `${text.replace(/\[\s+("[0-9a-f]*")\s+\]/g, '[$1]')}\n`;
}
