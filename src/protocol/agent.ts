import { ProtocolError } from './errors.ts';
import { isMap, readFields, text, WRONG } from './fields.ts';
import { scan } from './gate.ts';
import { MAX_AGENT_BYTES } from './limits.ts';
import { unpack } from './msgpack.ts';
import { pack } from './pack.ts';

/*
 * The payload of the second and third handshake message is a map of the subset, of which `agent` is read:
 * what program speaks, such as "farthing/0.1.0", in 1 to 64 bytes. It is read before the remote is known to
 * be anybody.
 */

const PAYLOAD = { agent: text(1, MAX_AGENT_BYTES) };

/** @throws RangeError for an agent of no or more than 64 bytes */
export function encodeAgent(agent: string): Uint8Array {
  if (PAYLOAD.agent(agent) === WRONG) {
    throw new RangeError(`an agent has 1 to ${MAX_AGENT_BYTES} bytes`);
  }
  return pack({ agent });
}

/** @throws ProtocolError 'bad_agent', or one of the gate's codes */
export function decodeAgent(payload: Uint8Array): string {
  if (scan(payload) !== payload.length) {
    throw new ProtocolError('bad_agent');
  }
  const map = unpack(payload, 0, payload.length);
  const parsed = isMap(map) ? readFields(PAYLOAD, map) : undefined;
  if (!parsed?.ok) {
    throw new ProtocolError('bad_agent');
  }
  return parsed.params.agent;
}
