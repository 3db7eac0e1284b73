import assert from 'node:assert/strict';
import {
  decodeAgent,
  decodeMessages,
  encodeAgent,
  encodeError,
  encodeNotification,
  encodeRequest,
  encodeResult,
  isMethod,
  isPeerMethod,
  type Message,
  type Method,
  type Parsed,
  type PeerMethod,
  ProtocolError,
  parseNotification,
  parseParams,
  parsePeerNotification,
  parsePeerParams,
  parsePeerResult,
  parseResult,
} from '../../../src/protocol/index.ts';
import type { Target } from '../target.ts';
import { CALLS, FORMS, MESSAGES, PEER_CALLS, VOCABULARY } from './messages.ts';

/** What a step gives, or the code of the protocol error that it throws; any other error goes on. */
function attempt<T>(step: () => T): { value: T } | { code: string } {
  try {
    return { value: step() };
  } catch (error) {
    if (error instanceof ProtocolError) {
      return { code: error.code };
    }
    throw error;
  }
}

/** What each value must be that a reader lets through under one of these keys, wherever it stands. */
const BELIEVABLE: Readonly<
  Record<string, (value: unknown, map: Readonly<Record<string, unknown>>) => boolean>
> = {
  name: (value, { scale }) => scale !== undefined || isName(value),
  to: isName,
  from: isName,
  key: (value) => value instanceof Uint8Array && value.length === 32,
  id: (value) => value instanceof Uint8Array && value.length === 16,
  host: (value, { port }) => (value === null) === (port === null),
  memo: (value) => typeof value === 'string' && Buffer.byteLength(value) <= 256,
  amount: (value, { seq }) => Number.isSafeInteger(value) && (seq === undefined || Number(value) > 0),
  balance: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
};

function isName(value: unknown): boolean {
  return typeof value === 'string' && /^[a-z][a-z0-9_.-]{0,31}$/.test(value);
}

/** Throws for a value that should not have been let through. */
function checkBelievable(value: unknown): void {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) {
    return;
  }
  const map = value as Readonly<Record<string, unknown>>;
  for (const [key, item] of Object.entries(map)) {
    assert.ok(Array.isArray(value) || (BELIEVABLE[key]?.(item, map) ?? true), `${key} is let through`);
    checkBelievable(item);
  }
}

/** A name is what was written, but for the case of ASCII letters. */
function checkNames(read: object, written: object): void {
  const theirs = new Map(Object.entries(written));
  for (const [key, name] of Object.entries(read)) {
    if (key !== 'name' && key !== 'to') {
      continue;
    }
    const word = String(theirs.get(key));
    assert.ok(/^[!-~]+$/.test(word) && word.toLowerCase() === name, `${key} is another`);
  }
}

/** What was read is written and read again as the same. */
function holds<T>(read: T, again: () => T): void {
  assert.deepEqual(again(), read);
}

function encode(message: Message): Uint8Array {
  if (message.type === 'request') {
    return encodeRequest(message.id, message.method, message.params);
  }
  if (message.type === 'notification') {
    return encodeNotification(message.method, message.params);
  }
  if (message.error !== null) {
    return encodeError(message.id, message.error);
  }
  return encodeResult(message.id, message.result);
}

/** Params once read are good params, and are read again as they are. */
function readParams<P extends object>(
  method: string,
  parse: (params: object) => Parsed<P>,
  params: object,
): string {
  const parsed = parse(params);
  if (!parsed.ok) {
    return `${method} lacks ${parsed.problem}`;
  }
  checkBelievable(parsed.params);
  checkNames(parsed.params, params);
  const [again] = decodeMessages(encodeRequest(1, method, parsed.params));
  assert.ok(again?.type === 'request');
  holds(parsed, () => parse(again.params));
  return method;
}

function readRequest(method: string, params: object): string {
  const words: string[] = [];
  if (isMethod(method)) {
    words.push(readParams(method, (map) => parseParams(method, map as never), params));
  }
  if (isPeerMethod(method)) {
    words.push(readParams(method, (map) => parsePeerParams(method, map as never), params));
  }
  return words.join() || 'unknown method';
}

/** A result is tried as that of every method: who it answers is for the other side to say. */
function readResult(result: Readonly<Record<string, unknown>>): string {
  const good: string[] = [];
  const read = (method: string, parse: (map: never) => object): void => {
    const parsed = attempt(() => parse(result as never));
    if ('code' in parsed) {
      assert.equal(parsed.code, 'bad_result');
    } else {
      good.push(method);
      checkBelievable(parsed.value);
      holds(parsed.value, () => parse(decodeResult(encodeResult(1, parsed.value)) as never));
    }
  };
  for (const method of Object.keys(CALLS) as Method[]) {
    read(method, (map) => parseResult(method, map));
  }
  for (const method of Object.keys(PEER_CALLS) as PeerMethod[]) {
    read(method, (map) => parsePeerResult(method, map));
  }
  return good.join();
}

function decodeResult(bytes: Uint8Array): object {
  const [message] = decodeMessages(bytes);
  assert.ok(message?.type === 'response' && message.result !== null);
  return message.result;
}

function readNotification(method: string, params: Readonly<Record<string, unknown>>): string {
  const read = [parseNotification, parsePeerNotification].map((parse) => {
    const told = attempt(() => parse(method, params));
    if ('code' in told) {
      return told.code;
    }
    if (told.value === undefined) {
      return 'unknown';
    }
    checkBelievable(told.value.params);
    const [again] = decodeMessages(encodeNotification(method, told.value.params));
    assert.ok(again?.type === 'notification');
    holds(told.value, () => parse(method, again.params));
    return method;
  });
  return read.join();
}

function readMessage(message: Message): string {
  if (message.type === 'request') {
    return `request ${readRequest(message.method, message.params)}`;
  }
  if (message.type === 'notification') {
    return `notification ${readNotification(message.method, message.params)}`;
  }
  return message.error === null ? `result ${readResult(message.result)}` : 'error';
}

function readAgent(payload: Uint8Array): string {
  const agent = attempt(() => decodeAgent(payload));
  if ('code' in agent) {
    return agent.code;
  }
  assert.equal(decodeAgent(encodeAgent(agent.value)), agent.value);
  return 'agent';
}

/**
 * The body of a record, as each of its readers takes it: whole messages, their params and results, a
 * handshake payload.
 */
export const commands: Target = {
  name: 'commands',
  covers: ['protocol/'],
  maxLength: 1_024,
  dictionary: [...FORMS, ...VOCABULARY],
  seeds: MESSAGES,
  run(input) {
    const agent = readAgent(input);
    if (agent === 'agent') {
      return agent;
    }
    const decoded = attempt(() => decodeMessages(input));
    if ('code' in decoded) {
      return decoded.code;
    }
    const messages = decoded.value;
    assert.ok(messages.length > 0);
    holds(messages, () => decodeMessages(Buffer.concat(messages.map(encode))));
    return messages.map(readMessage).at(-1) ?? 'nothing';
  },
};
