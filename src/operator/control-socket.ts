/**
 * A socket in the data folder, by which the operator's commands reach the server that uses it: one line of
 * text goes in, one comes out. Who may use it is whom the system lets into the folder.
 */
import { chmodSync, lstatSync, rmSync, type Stats, statSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { systemCode } from '../system/errors.ts';
import { whyUnreachable } from './data-folder.ts';
import { ServerError } from './errors.ts';
import {
  CONTROL_ANSWER_BYTES,
  CONTROL_ANSWER_DEADLINE_MS,
  CONTROL_DEADLINE_MS,
  CONTROL_REQUEST_BYTES,
  MAX_CONTROL_CONNECTIONS,
} from './limits.ts';

const ACCESS_OF_OTHERS = 0o077;

/**
 * Bytes of a socket's path that systems take: `sun_path` less its final NUL (unix(7), and macOS's sys/un.h).
 */
const MAX_PATH_BYTES = process.platform === 'darwin' ? 103 : 107;

const LINE_FEED = 0x0a;

/** The control socket of a data folder. */
export function controlPath(dataDir: string): string {
  return join(dataDir, 'control.sock');
}

/** The server's end: takes one line from each connection, and answers it with one. */
export class ControlSocket {
  readonly #server: Server;
  readonly #answer = Promise.withResolvers<(line: string) => Promise<string>>();
  readonly #sockets = new Map<Socket, Promise<void> | undefined>();
  #isServed = false;

  private constructor() {
    // The other end may close its half once it has asked.
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket));
    this.#server.maxConnections = MAX_CONTROL_CONNECTIONS;
  }

  /**
   * Begins to listen; what comes waits until {@link serve} is called. Whoever opens it has the lock of the
   * books, so that a socket which nobody answers on is one that was left behind.
   *
   * @throws ServerError `no_control`: the server can do without
   */
  static async open(dataDir: string): Promise<ControlSocket> {
    const path = controlPath(dataDir);
    if (Buffer.byteLength(path) > MAX_PATH_BYTES) {
      throw noControl(`the path ${path} is longer than the ${MAX_PATH_BYTES} bytes that a socket's may have`);
    }
    const control = new ControlSocket();
    try {
      if (isOpenToOthers(dataDir)) {
        throw noControl(`${dataDir} is open to others; chmod 700 it, and start again`);
      }
      await removeLeftover(path);
      await control.#listen(path);
    } catch (error) {
      await control.close();
      if (error instanceof ServerError) {
        throw error;
      }
      throw noControl(`cannot listen on ${path} (${systemCode(error) ?? 'unknown error'})`);
    }
    return control;
  }

  /** Who answers from now on. What is thrown there ends the connection without an answer. */
  serve(answer: (line: string) => Promise<string>): void {
    this.#isServed = true;
    this.#answer.resolve(answer);
  }

  /**
   * Takes no more requests, and removes the socket. Resolves when what was asked is answered, if anybody
   * answers.
   */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const [socket, answered] of this.#sockets) {
      if (answered === undefined || !this.#isServed) {
        socket.destroy();
      }
    }
    await closed;
  }

  #listen(path: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(path, () => {
        this.#server.off('error', reject);
        // A connection that cannot be accepted is its other end's trouble.
        this.#server.on('error', () => {});
        try {
          chmodSync(path, 0o600);
          resolve();
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  #accept(socket: Socket): void {
    this.#sockets.set(socket, undefined);
    const deadline = setTimeout(() => socket.destroy(), CONTROL_DEADLINE_MS);
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(deadline);
      this.#sockets.delete(socket);
    });
    void readLine(socket, CONTROL_REQUEST_BYTES).then((line) => {
      clearTimeout(deadline);
      if (line === undefined) {
        socket.destroy();
      } else {
        this.#sockets.set(socket, this.#reply(socket, line));
      }
    });
  }

  async #reply(socket: Socket, line: string): Promise<void> {
    try {
      const answer = await this.#answer.promise;
      socket.end(`${await answer(line)}\n`);
      // For one who does not read it.
      setTimeout(() => socket.destroy(), CONTROL_DEADLINE_MS).unref();
    } catch {
      socket.destroy();
    }
  }
}

/**
 * Asks the server that uses a data folder. Undefined: none does, or it has no control socket.
 *
 * @throws ServerError `no_answer` when the connection ended before the answer, so that what was asked may
 * have been done or not; `bad_data_dir` when the folder or its socket cannot be trusted or reached
 */
export async function askControl(dataDir: string, line: string): Promise<string | undefined> {
  const path = controlPath(dataDir);
  if (Buffer.byteLength(path) > MAX_PATH_BYTES || !isTrustedSocket(dataDir, path)) {
    return undefined;
  }
  const socket = await dial(path);
  if (socket === undefined) {
    return undefined;
  }
  let isLate = false;
  const deadline = setTimeout(() => {
    isLate = true;
    socket.destroy();
  }, CONTROL_ANSWER_DEADLINE_MS);
  try {
    socket.on('error', () => {});
    socket.write(`${line}\n`);
    const answer = await readLine(socket, CONTROL_ANSWER_BYTES);
    if (answer !== undefined) {
      return answer;
    }
    const what = isLate
      ? `has not answered within ${CONTROL_ANSWER_DEADLINE_MS / 1000} s`
      : 'ended the connection before it answered';
    throw new ServerError('no_answer', `the server ${what}`);
  } finally {
    clearTimeout(deadline);
    socket.destroy();
  }
}

/**
 * False where there is no socket.
 *
 * @throws ServerError `bad_data_dir` where others could have put it there, or it cannot be seen
 */
function isTrustedSocket(dataDir: string, path: string): boolean {
  let isOpen: boolean;
  try {
    if (!lstat(path)?.isSocket()) {
      return false;
    }
    isOpen = isOpenToOthers(dataDir);
  } catch (cause) {
    throw new ServerError('bad_data_dir', `cannot reach ${path}: ${whyUnreachable(cause)}`, { cause });
  }
  if (!isOpen) {
    return true;
  }
  throw new ServerError(
    'bad_data_dir',
    `${dataDir} is open to others, so its socket is not used: chmod 700 it`,
  );
}

/** Undefined where nobody listens. */
async function dial(path: string): Promise<Socket | undefined> {
  const socket = connect(path);
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return socket;
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ECONNREFUSED' || code === 'ENOENT') {
      return undefined;
    }
    throw new ServerError('bad_data_dir', `cannot reach ${path}: ${whyUnreachable(error)}`);
  }
}

/** What a kill has left behind is removed; what somebody answers on, or what is no socket, is not. */
async function removeLeftover(path: string): Promise<void> {
  const found = lstat(path);
  if (found === undefined) {
    return;
  }
  if (!found.isSocket()) {
    throw noControl(`${path} is there and is no socket; move it away, and start again`);
  }
  let isUsed: boolean;
  try {
    const socket = await dial(path);
    socket?.destroy();
    isUsed = socket !== undefined;
  } catch {
    isUsed = true;
  }
  if (isUsed) {
    throw noControl(`another program answers on ${path}`);
  }
  rmSync(path, { force: true });
}

/**
 * The first line, without its line feed; undefined when none comes, it is too long, or more comes with it.
 */
function readLine(socket: Socket, most: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const finish = (line: string | undefined): void => {
      socket.pause();
      socket.removeAllListeners('data');
      resolve(line);
    };
    socket.on('data', (chunk: Buffer) => {
      const end = chunk.indexOf(LINE_FEED);
      length += chunk.length;
      chunks.push(chunk);
      if (length > most || (end >= 0 && end !== chunk.length - 1)) {
        finish(undefined);
      } else if (end >= 0) {
        finish(Buffer.concat(chunks).toString('utf8', 0, length - 1));
      }
    });
    socket.on('end', () => finish(undefined));
    socket.on('close', () => finish(undefined));
  });
}

function isOpenToOthers(folder: string): boolean {
  // Windows has no such bits; what stat says there means nothing.
  if (process.platform === 'win32') {
    return false;
  }
  const { mode, uid } = statSync(folder);
  const own = process.getuid?.();
  return (mode & ACCESS_OF_OTHERS) !== 0 || (uid !== own && own !== 0);
}

function lstat(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

function noControl(why: string): ServerError {
  return new ServerError(
    'no_control',
    `the operator's commands cannot reach this server while it runs: ${why}`,
  );
}
