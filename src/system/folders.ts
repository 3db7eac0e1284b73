import { userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * A base directory of the XDG Base Directory Specification: the variable that names it, and where it is else,
 * under HOME.
 */
const BASES = {
  config: { variable: 'XDG_CONFIG_HOME', usual: '.config' },
  data: { variable: 'XDG_DATA_HOME', usual: '.local/share' },
  state: { variable: 'XDG_STATE_HOME', usual: '.local/state' },
} as const;

/**
 * Where a program keeps what it keeps for its user: `$XDG_CONFIG_HOME/<program>` or `~/.config/<program>` and
 * the like. Undefined where neither the variable nor HOME nor the system's list of users says. As the
 * specification has it, a path that is not absolute is ignored.
 */
export function userFolder(
  base: keyof typeof BASES,
  program: string,
  env: NodeJS.ProcessEnv = process.env,
): string | undefined {
  const { variable, usual } = BASES[base];
  const named = absolute(env[variable]);
  if (named !== undefined) {
    return join(named, program);
  }
  const home = absolute(env['HOME']) ?? absolute(registeredHome());
  return home === undefined ? undefined : join(home, usual, program);
}

/** A user of a container need not be in the system's list. */
function registeredHome(): string | undefined {
  try {
    return userInfo().homedir;
  } catch {
    return undefined;
  }
}

function absolute(path: string | undefined): string | undefined {
  return path !== undefined && isAbsolute(path) ? path : undefined;
}
