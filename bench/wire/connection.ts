/** One end of a connection that carries messages of 1 to 65,000 bytes. */
export interface Connection {
  /** Called for each message; what it is given is valid only during the call. */
  onMessage: (message: Uint8Array) => void;
  /** Called once the connection is over. */
  onClose: () => void;
  /** Called when what `send` said false to has left. */
  onDrain: () => void;
  /**
   * Sends one message, which must stay unchanged until the turn of the event loop ends: the messages of one
   * turn leave together. False: wait for `onDrain`.
   */
  send(message: Uint8Array): boolean;
  /** Ends it in the way that its protocol has for that. */
  close(): void;
}

/** A way of making connections, of one contender. */
export interface Transport {
  /** The contender's name: `farthing`, `tls`. */
  readonly name: string;
  /** For people, one line: what exactly runs. */
  readonly detail: string;
  /** New long-term keys for both ends, as JSON. */
  credentials(): Promise<Credentials>;
  /** Listens on 127.0.0.1. Resolves to the port. */
  listen(credentials: Credentials, onConnection: (connection: Connection) => void): Promise<number>;
  /** Resolves when the handshake is done as far as the one who connects is concerned. */
  connect(credentials: Credentials, port: number): Promise<Connection>;
}

/** What both ends must know of themselves and of each other. */
export interface Credentials {
  readonly server: Identity;
  readonly client: Identity;
}

/** A secret and what the other end knows of it, each in the form that its protocol has. */
export interface Identity {
  readonly secret: string;
  readonly known: string;
}
