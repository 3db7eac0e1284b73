/** The log of a server for programs: JSON lines, written by pino. */
import { pino } from 'pino';
import { safeJson } from '../../text/printable.ts';
import type { LineOf, LoggedEvent } from './log.ts';

/** The server puts none of these into an event. Should one ever slip into one, it does not reach the log. */
const NEVER_LOGGED = ['memo', 'chat', 'key', 'secret', 'secretKey', 'staticKeys'];

/**
 * Lines like `{"level":"info","time":"2026-11-22T14:52:00.000Z","event":"login","conn":3,"name":"alice"}`.
 */
export function jsonLines(): LineOf {
  let line = '';
  const logger = pino(
    {
      // Process id and host name are known to whoever collects logs, and the same in every line.
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (level) => ({ level }) },
      redact: { paths: NEVER_LOGGED, remove: true },
    },
    {
      write(text: string) {
        line = text;
      },
    },
  );
  return (event) => {
    if (isWarning(event)) {
      logger.warn(event);
    } else {
      logger.info(event);
    }
    return safeJson(line.trimEnd());
  };
}

function isWarning({ event }: LoggedEvent): boolean {
  return event === 'warning' || event === 'dropped';
}
