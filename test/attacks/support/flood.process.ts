// Many connections from a process of their own, so that they cost the witness's nothing.
//   node flood.process.ts PORT COUNT FIRST_ADDRESS|ADDRESS HEX
// Connects COUNT times, each time from the next address (127.16.0.1, …) or always from the one named, sends
// HEX on each connection, and stays. Writes a line of JSON when no connection is on its way any more, and
// another when all are over.
import { connect, type Socket } from 'node:net';

const [port = '0', count = '0', from = '127.16.0.1', hex = ''] = process.argv.slice(2);
/** Connections on their way at once: fewer than a listener's backlog. */
const AT_ONCE = 200;
const bytes = Buffer.from(hex, 'hex');
const first = from === 'many' ? 0x7f10_0001 : undefined;

let started = 0;
let onTheirWay = 0;
let opened = 0;
let over = 0;
/** Bytes that the server has sent, over all. */
let heard = 0;

function addressOf(index: number): string {
  if (first === undefined) {
    return from;
  }
  const address = first + index;
  return [24, 16, 8, 0].map((shift) => (address >> shift) & 255).join('.');
}

function tell(event: string): void {
  process.stdout.write(`${JSON.stringify({ event, opened, over, heard })}\n`);
}

function arrived(): void {
  onTheirWay -= 1;
  if (started < Number(count)) {
    start();
  } else if (onTheirWay === 0) {
    tell('all here');
  }
}

function start(): void {
  const socket: Socket = connect({ host: '127.0.0.1', port: Number(port), localAddress: addressOf(started) });
  let isHere = false;
  started += 1;
  onTheirWay += 1;
  socket.on('connect', () => {
    opened += 1;
    isHere = true;
    if (bytes.length > 0) {
      socket.write(bytes);
    }
    arrived();
  });
  socket.on('data', (chunk) => {
    heard += chunk.length;
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    over += 1;
    if (!isHere) {
      arrived();
    }
    if (over === Number(count)) {
      tell('all over');
    }
  });
}

for (let each = 0; each < Math.min(AT_ONCE, Number(count)); each++) {
  start();
}
