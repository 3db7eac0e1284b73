import { ServerError } from '../operator/index.ts';

/** Why the server cannot listen there, for its operator. `code`: what the system said, such as EADDRINUSE. */
export function listenError(code: string | undefined, host: string | undefined, port: number): ServerError {
  const where = host === undefined ? `port ${port}` : `port ${port} of ${host}`;
  if (code === 'EADDRINUSE') {
    return new ServerError('port_in_use', `${where} is in use by another program`);
  }
  if (code === 'EACCES') {
    return new ServerError('port_forbidden', `${where} is not for this user: choose one above 1023`);
  }
  return new ServerError('bad_address', `cannot listen on ${where} (${code ?? 'unknown error'})`);
}
