import type { Arrived, Close, Departed, HubOutput, ViewReply } from '../../hub/index.ts';
import { encodeError, encodeNotification, encodeResult, errorMap } from '../../protocol/index.ts';

/**
 * All that the hub tells a gateway after one batch, as it goes from thread to thread. Messages are encoded on
 * the hub's side: that takes the hub as long as to clone the objects would, and the gateway has nothing left
 * to do.
 */
export interface PackedOutputs {
  /**
   * Four numbers for each output, in order; a link's may have more than 32 bits.
   *
   * | number | meaning |
   * |---|---|
   * | 0 | 0: the next of `others`; 1: an answer; 2: a notification |
   * | 1 | link |
   * | 2 | id of the request that is answered |
   * | 3 | where its message ends in `bytes`; it begins where the one before ends |
   */
  readonly entries: Float64Array<ArrayBuffer>;
  /** Messages of the protocol, back to back. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly others: readonly Unencoded[];
}

/** What a gateway carries out itself. */
type Unencoded = ViewReply | Close | Arrived | Departed;

/** A message for a link, encoded. */
export interface EncodedMessage {
  readonly type: 'message';
  readonly conn: number;
  /** Id of the request that it answers; undefined for a notification. */
  readonly answers: number | undefined;
  readonly bytes: Uint8Array;
}

/** An output of the hub as it reaches a gateway. */
export type GatewayOutput = EncodedMessage | Unencoded;

const OTHER = 0;
const ANSWER = 1;
const NOTIFICATION = 2;

/** Numbers for each output. */
const ENTRY = 4;

/**
 * Encodes what the hub has to say to one gateway. Its memory is nobody else's, and is to be transferred with
 * it.
 */
export function packOutputs(outputs: readonly HubOutput[]): PackedOutputs {
  const entries = new Float64Array(outputs.length * ENTRY);
  const messages: Uint8Array[] = [];
  const others: Unencoded[] = [];
  let at = 0;
  let end = 0;
  const add = (kind: number, conn: number, id: number, message: Uint8Array): void => {
    end += messages[messages.push(message) - 1]?.length ?? 0;
    entries[at] = kind;
    entries[at + 1] = conn;
    entries[at + 2] = id;
    entries[at + 3] = end;
  };
  for (const output of outputs) {
    switch (output.type) {
      case 'reply':
        add(ANSWER, output.conn, output.id, encodeResult(output.id, output.result));
        break;
      case 'refusal':
        add(ANSWER, output.conn, output.id, encodeError(output.id, errorMap(output.error, output.text)));
        break;
      case 'push':
        add(NOTIFICATION, output.conn, 0, encodeNotification(output.method, output.params));
        break;
      default:
        others.push(output);
    }
    at += ENTRY;
  }
  return { entries, bytes: join(messages, end), others };
}

/** What was packed, in order. The messages are views of the memory that they came in. */
export function* unpackOutputs({ entries, bytes, others }: PackedOutputs): Generator<GatewayOutput, void> {
  const unencoded = others.values();
  let start = 0;
  for (let at = 0; at < entries.length; at += ENTRY) {
    const kind = entries[at];
    if (kind === OTHER) {
      const { value } = unencoded.next();
      if (value !== undefined) {
        yield value;
      }
    } else {
      const end = entries[at + 3] as number;
      yield {
        type: 'message',
        conn: entries[at + 1] as number,
        answers: kind === ANSWER ? (entries[at + 2] as number) : undefined,
        bytes: bytes.subarray(start, end),
      };
      start = end;
    }
  }
}

function join(messages: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const message of messages) {
    bytes.set(message, at);
    at += message.length;
  }
  return bytes;
}
