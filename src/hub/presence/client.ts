/** What the hub knows of one link, and of who is at its other end. */
export interface Client {
  /** Unique among all links since the server started, from 1. */
  readonly conn: number;
  /** The gateway that holds the link. */
  readonly gateway: number;
  /** 32 bytes: the static key of the link, which is who the client is. */
  readonly key: Uint8Array;
  readonly host: string;
  /** The network that `host` belongs to. */
  readonly network: string;
  /** The name that is logged in, if any. */
  account: string | undefined;
  /** The port of the client's peer listener, given at login; 0 where it takes no peer links. */
  port: number;
  /** After exit or `kicked`: everything is refused until the link is gone. */
  over: boolean;
}
