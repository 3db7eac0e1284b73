/**
 * What the operator's commands say over the control socket: a document of JSON each way, checked as a
 * stranger's would be.
 */

import type { AccountReport, OperationOutcome } from '../hub/index.ts';
import { isReason, type Operation } from '../ledger/index.ts';
import { type Currency, isAccountName } from '../protocol/index.ts';
import { ServerError } from './errors.ts';

/** How a server is doing. */
export interface ServerStatus {
  readonly version: string;
  readonly pid: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly address: string;
  /** 64 hex digits. */
  readonly key: string;
  readonly workers: number;
  /**
   * Links, and connections that are none yet: as the threads said last, null until they have said it once.
   */
  readonly connections: number | null;
  readonly opening: number | null;
  /** Accounts that are logged in: as the hub said last, like all that it counts. */
  readonly online: number | null;
  readonly accounts: number;
  readonly transfers: number;
  /** Minor units. */
  readonly circulation: number;
  readonly currency: Currency;
  /** Since it started: commits with transfers, those that failed, and payments. */
  readonly commits: number | null;
  readonly failedCommits: number | null;
  readonly payments: number | null;
  /** Bytes free on the disk of the books, if the file system says. */
  readonly freeBytes: number | null;
  /** Why payments are refused; null: they are not. */
  readonly refusing: string | null;
}

/** What a request asks for. An operation's bytes are hex digits on the socket. */
export type ControlRequest =
  | { readonly do: 'status' | 'online' }
  | { readonly do: 'account'; readonly name: string }
  | { readonly do: 'operate'; readonly operation: Operation };

/** By what is asked, what is answered. */
export interface ControlAnswers {
  readonly status: ServerStatus;
  readonly online: readonly string[];
  readonly account: AccountReport | null;
  readonly operate: OperationOutcome;
}

/** A running server, as far as the operator's commands reach it. */
export interface Controlled {
  status(): Promise<ServerStatus>;
  /** Names, sorted. */
  online(): Promise<readonly string[]>;
  account(name: string): Promise<AccountReport | null>;
  operate(operation: Operation): Promise<OperationOutcome>;
}

/** A request as a line. */
export function encodeControl(request: ControlRequest): string {
  if (request.do !== 'operate') {
    return JSON.stringify(request);
  }
  const { operation } = request;
  const bytes = {
    ...('id' in operation ? { id: hex(operation.id) } : {}),
    ...('key' in operation ? { key: hex(operation.key) } : {}),
  };
  return JSON.stringify({ do: 'operate', operation: { ...operation, ...bytes } });
}

/** A line as a request, or undefined where it is none. */
export function parseControl(line: string): ControlRequest | undefined {
  const request = parseObject(line);
  switch (request?.['do']) {
    case 'status':
    case 'online':
      return { do: request['do'] };
    case 'account': {
      const name = readName(request['name']);
      return name === undefined ? undefined : { do: 'account', name };
    }
    case 'operate': {
      const operation = isObject(request['operation']) ? readOperation(request['operation']) : undefined;
      return operation === undefined ? undefined : { do: 'operate', operation };
    }
    default:
      return undefined;
  }
}

/**
 * Answers one line with one: `{"ok":…}` or `{"error":{"code":…,"text":…}}`.
 *
 * @throws what is no ServerError
 */
export async function answerControl(line: string, server: Controlled): Promise<string> {
  const request = parseControl(line);
  if (request === undefined) {
    return errorLine('bad_request', 'the request is malformed');
  }
  try {
    return JSON.stringify({ ok: await carryOut(request, server) });
  } catch (error) {
    if (!(error instanceof ServerError)) {
      throw error;
    }
    return errorLine(error.code, error.message);
  }
}

/**
 * The answer in a line.
 *
 * @throws ServerError `data_io` with what the server says, `no_answer` where it is about to end or says
 * nonsense
 */
export function readControlAnswer<D extends keyof ControlAnswers>(line: string): ControlAnswers[D] {
  const answer = parseObject(line);
  // Whoever can answer on this socket can write to the books as well: its answers are taken for what they say
  // they are.
  if (answer !== undefined && 'ok' in answer) {
    return answer['ok'] as ControlAnswers[D];
  }
  const error = answer?.['error'];
  if (isObject(error) && typeof error['text'] === 'string') {
    // A server that is about to end has done nothing, and another will, or the books themselves.
    throw new ServerError(error['code'] === 'stopped' ? 'no_answer' : 'data_io', error['text']);
  }
  throw new ServerError('no_answer', 'the server gave an answer that this version does not understand');
}

function carryOut(
  request: ControlRequest,
  server: Controlled,
): Promise<ControlAnswers[keyof ControlAnswers]> {
  switch (request.do) {
    case 'status':
      return server.status();
    case 'online':
      return server.online();
    case 'account':
      return server.account(request.name);
    case 'operate':
      return server.operate(request.operation);
  }
}

function readOperation(fields: Readonly<Record<string, unknown>>): Operation | undefined {
  const { kind, reason } = fields;
  const name = readName(fields['name']);
  if (name === undefined || typeof reason !== 'string' || !isReason(reason)) {
    return undefined;
  }
  switch (kind) {
    case 'freeze':
    case 'unfreeze':
      return { kind, name, reason };
    case 'issue':
    case 'redeem': {
      const { amount } = fields;
      const id = readHex(fields['id'], 16);
      const isAmount = typeof amount === 'number' && Number.isSafeInteger(amount);
      return isAmount && id !== undefined ? { kind, name, amount, id, reason } : undefined;
    }
    case 'rekey': {
      const key = readHex(fields['key'], 32);
      return key === undefined ? undefined : { kind, name, key, reason };
    }
    default:
      return undefined;
  }
}

function readName(value: unknown): string | undefined {
  return typeof value === 'string' && isAccountName(value) ? value : undefined;
}

function readHex(value: unknown, bytes: number): Uint8Array | undefined {
  if (typeof value !== 'string' || value.length !== 2 * bytes || !/^[0-9a-f]*$/.test(value)) {
    return undefined;
  }
  return new Uint8Array(Buffer.from(value, 'hex'));
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function errorLine(code: string, text: string): string {
  return JSON.stringify({ error: { code, text } });
}
