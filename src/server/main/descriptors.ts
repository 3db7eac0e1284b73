import { closeSync, openSync, readFileSync } from 'node:fs';
import { devNull } from 'node:os';
import type { AdmissionLimits } from '../../link/index.ts';
import { systemCode } from '../../system/errors.ts';
import { DESCRIPTOR_CHECK_MS, SPARE_DESCRIPTORS } from '../limits.ts';

const EXHAUSTED: ReadonlySet<string | undefined> = new Set(['EMFILE', 'ENFILE']);

/**
 * Looks now and then whether there are file descriptors left. When there are none, the system closes new
 * connections as they come and says nothing of it; those that exist go on, and new ones are taken again as
 * soon as there is room.
 */
export class DescriptorWatch {
  readonly #warn: (text: string) => void;
  readonly #timer: NodeJS.Timeout;
  #exhausted = false;

  constructor(warn: (text: string) => void) {
    this.#warn = warn;
    this.#timer = setInterval(() => this.check(), DESCRIPTOR_CHECK_MS).unref();
  }

  /** Warns when there have come to be none. */
  check(): void {
    const exhausted = isExhausted();
    if (exhausted && !this.#exhausted) {
      this.#warn(
        'no file descriptors are left, so that nobody else can connect: raise the limit of open files ' +
          '(ulimit -n, LimitNOFILE), or lower --max-connections',
      );
    }
    this.#exhausted = exhausted;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

function isExhausted(): boolean {
  try {
    closeSync(openSync(devNull, 'r'));
    return false;
  } catch (error) {
    return EXHAUSTED.has(systemCode(error));
  }
}

/**
 * What to tell the operator of a limit of open files that these connections would exceed; undefined when it
 * is enough.
 */
export function descriptorAdvice(
  { links, openingsHigh }: AdmissionLimits,
  limit = descriptorLimit(),
): string | undefined {
  const needed = links + openingsHigh + SPARE_DESCRIPTORS;
  if (limit === undefined || limit >= needed) {
    return undefined;
  }
  return (
    `this process may open ${limit} files, and ${links} connections need ${needed} with those that are being made: ` +
    'raise that (ulimit -n, LimitNOFILE), or lower --max-connections'
  );
}

/**
 * How many files this process may have open, where the system says so. Node has raised it to the hard limit.
 */
function descriptorLimit(): number | undefined {
  try {
    const [, limit] = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return limit === undefined ? undefined : Number(limit);
  } catch {
    return undefined;
  }
}
