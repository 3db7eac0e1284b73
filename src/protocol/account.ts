/** What an account sees of itself. */
import { array, map } from './fields.ts';
import { balance, type Currency, currency } from './money.ts';
import { type Ok, ok } from './ok.ts';
import { accountName, type NameParams, type OnlineEntry, onlineEntry } from './people.ts';

export interface LoginParams extends NameParams {
  /** The TCP port of the client's peer listener; 0 where it takes no peer links. */
  readonly port: number;
}

/** The result of login and list. `online` is sorted by name and includes the account itself. */
export interface AccountView extends Ok {
  readonly name: string;
  /** Minor units. */
  readonly balance: number;
  readonly currency: Currency;
  readonly online: readonly OnlineEntry[];
}

export const accountView = map<AccountView>({
  ...ok,
  name: accountName,
  balance,
  currency,
  online: array(onlineEntry),
});
