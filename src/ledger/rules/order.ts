/** What a payer asks for. */
export interface Order {
  /** An account that exists: who the link's key says. */
  readonly payer: string;
  /** 16 bytes, unique to the payer's order. */
  readonly id: Uint8Array;
  readonly payee: string;
  /** Minor units. */
  readonly amount: number;
  /** At most 256 bytes in UTF-8. */
  readonly memo: string | null;
}

/** Money that has moved. */
export interface Transfer {
  /** 1, 2, 3… without gaps, over all transfers of the ledger. */
  readonly seq: number;
  /** 16 bytes. */
  readonly id: Uint8Array;
  readonly from: string;
  readonly to: string;
  /** Minor units, 1 or more. */
  readonly amount: number;
  readonly memo: string | null;
  /** Milliseconds since 1970. */
  readonly at: number;
}
