import { Administration, type ListedAccount } from '../../server/index.ts';
import { columns } from '../columns.ts';
import { EXIT } from '../exit-status.ts';
import { toDecimal } from '../money.ts';
import type { Output } from '../output.ts';
import { printable } from '../printable.ts';
import { accountDocument } from './account-words.ts';
import type { OperatorRun } from './command.ts';

/** Every account of the books. */
export const run: OperatorRun = async ({ dataDir, out }) => {
  const accounts = (await new Administration(dataDir).accounts()).toSorted((a, b) =>
    a.name < b.name ? -1 : 1,
  );
  const document = {
    accounts: accounts.map((account) => ({ ...accountDocument(account), transfers: account.transfers })),
  };
  out.data(document, () => accountLines(accounts, out));
  return EXIT.done;
};

function accountLines(accounts: readonly ListedAccount[], { paint }: Output): string[] {
  if (accounts.length === 0) return ['Nobody has registered yet.'];
  const rows = accounts.map(({ name, balance, currency, registeredAt, transfers, frozen, online }) => [
    printable(name),
    toDecimal(balance, currency.scale),
    new Date(registeredAt).toISOString().slice(0, 10),
    String(transfers),
    frozen ? { text: 'frozen', paint: paint.bad } : '',
    online ? 'online' : '',
  ]);
  return columns([['name', 'balance', 'registered', 'transfers', '', ''], ...rows], [1, 3]);
}
