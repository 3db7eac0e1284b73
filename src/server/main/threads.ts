import type { GatewayThreadOrder, GatewayThreadReport } from '../gateway/messages.ts';
import type { HubThreadOrder, HubThreadReport } from '../hub-thread/messages.ts';
import type { Thread } from './worker-thread.ts';

export type HubThread = Thread<HubThreadOrder, HubThreadReport>;

export type GatewayThread = Thread<GatewayThreadOrder, GatewayThreadReport>;
