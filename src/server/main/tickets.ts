import assert from 'node:assert/strict';

/** Questions to another thread whose answers come back by number. */
export class Tickets<Answer> {
  readonly #open = new Map<number, PromiseWithResolvers<Answer>>();
  #last = 0;

  /** Asks under a new number. */
  ask(send: (ticket: number) => void): Promise<Answer> {
    this.#last += 1;
    const asked = Promise.withResolvers<Answer>();
    this.#open.set(this.#last, asked);
    send(this.#last);
    return asked.promise;
  }

  /** This is the answer. */
  answered(ticket: number, answer: Answer): void {
    this.#take(ticket).resolve(answer);
  }

  /** There is no answer, for this reason. */
  failed(ticket: number, error: Error): void {
    this.#take(ticket).reject(error);
  }

  /** Nothing will be answered any more. */
  reject(error: Error): void {
    for (const asked of this.#open.values()) {
      asked.reject(error);
    }
    this.#open.clear();
  }

  #take(ticket: number): PromiseWithResolvers<Answer> {
    const asked = this.#open.get(ticket);
    assert(asked !== undefined, 'an answer has a ticket');
    this.#open.delete(ticket);
    return asked;
  }
}
