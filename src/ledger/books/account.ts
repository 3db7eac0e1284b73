/** A person's account. What `balance` says is always of now: copy it to keep it. */
export interface Account {
  readonly id: number;
  readonly name: string;
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** Minor units. */
  readonly balance: number;
  /** It neither pays nor is paid, until the operator lifts that. */
  readonly frozen: boolean;
  /** Milliseconds since 1970. */
  readonly registeredAt: number;
}

/**
 * How one person stands to another, seen from the first: "I asked them" is `asked`, "they ask me" `asking`.
 */
export type FriendState = 'friend' | 'asked' | 'asking';

/** An account as the books hold it. */
export interface HeldAccount extends Account {
  balance: number;
  key: Uint8Array;
  frozen: boolean;
  /** By the other's account id. */
  readonly friends: Map<number, FriendState>;
}
