import type { LinkError, LinkErrorCode } from '../../../link/index.ts';
import { EXIT } from '../../shell/exit-status.ts';
import type { Failure } from '../../shell/failure.ts';
import { causeCode, told, type Where } from './told.ts';

/** There is no link to the server, or there is none any more. */
export function noLink(error: LinkError, { server }: Where): Failure {
  const text = `no connection to ${server}: ${error.message}${causeCode(error)}`;
  return told(EXIT.noConnection, 'NO_CONNECTION', text, [ADVICE[error.code]]);
}

/** What to do about it; nothing where the error's own text is all there is to say. */
const ADVICE: Readonly<Record<LinkErrorCode, string>> = {
  unreachable: 'Is it running, and is the address right? "farthing-server" starts one on this machine.',
  refused_version: 'One of the two is too old: update the older one.',
  refused_suite: 'It may require the post-quantum suite: leave --suite away.',
  refused_purpose: '',
  refused_busy: 'Try again in a while.',
  bad_prelude: '',
  bad_frame: 'Whatever answers there is probably not a farthing server.',
  handshake_failed: '',
  handshake_timeout: 'Whatever answers there may not be a farthing server.',
  wrong_key: '',
  decrypt_failed: '',
  bad_record: '',
  bad_message: '',
  truncated: '',
  idle_timeout: '',
  frame_timeout: '',
  overflow: '',
  aborted: '',
};
