import { Rates } from '../system/token-buckets.ts';
import {
  FAILED_LOGINS_BURST,
  FAILED_LOGINS_PER_SECOND,
  FRIEND_NEWS_BURST,
  FRIEND_NEWS_PER_SECOND,
  PAYMENTS_BURST,
  PAYMENTS_PER_SECOND,
  REGISTRATIONS_BURST,
  REGISTRATIONS_PER_SECOND,
  REQUESTS_BURST,
  REQUESTS_PER_SECOND,
} from './limits.ts';
import type { Client } from './presence/client.ts';

/**
 * How often who may do what. Whoever asks and may has used some of it up, also where the batch then fails.
 * `now`: milliseconds since 1970.
 */
export class Quotas {
  readonly #lifted: boolean;
  readonly #requests = new Rates(REQUESTS_PER_SECOND, REQUESTS_BURST);
  readonly #payments = new Rates(PAYMENTS_PER_SECOND, PAYMENTS_BURST);
  readonly #registrations = new Rates(REGISTRATIONS_PER_SECOND, REGISTRATIONS_BURST);
  readonly #failedLogins = new Rates(FAILED_LOGINS_PER_SECOND, FAILED_LOGINS_BURST);
  readonly #friendNews = new Rates(FRIEND_NEWS_PER_SECOND, FRIEND_NEWS_BURST);

  /** `lifted`: no account and no network has a limit; what protects people from one another stays. */
  constructor(lifted: boolean) {
    this.#lifted = lifted;
  }

  /**
   * Whether this client may make one more request: its account, on whatever link, or before a login the link
   * alone.
   */
  mayRequest({ account, conn }: Client, now: number): boolean {
    // No name has a `#`.
    return this.#lifted || this.#requests.take(account ?? `#${conn}`, now);
  }

  /** Whether one more account may be registered from this source network. */
  mayRegister(network: string, now: number): boolean {
    return this.#lifted || this.#registrations.take(network, now);
  }

  /** Whether this account may pay once more. */
  mayPay(account: string, now: number): boolean {
    return this.#lifted || this.#payments.take(account, now);
  }

  /** Whether one more login may fail from this source network. */
  mayFailLogin(network: string, now: number): boolean {
    return this.#lifted || this.#failedLogins.take(network, now);
  }

  /** Whether what one account does to its friendship with another is to be told them. Never lifted. */
  isFriendNews(account: string, other: string, now: number): boolean {
    // No name has a blank.
    return this.#friendNews.take(`${account} ${other}`, now);
  }
}
