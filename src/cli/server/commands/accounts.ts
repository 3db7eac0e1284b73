import { Administration, type ListedAccount } from '../../../operator/index.ts';
import { EXIT } from '../../shell/exit-status.ts';
import type { Output } from '../../shell/output.ts';
import { columns } from '../../text/columns.ts';
import { toDecimal } from '../../text/money.ts';
import { printable } from '../../text/printable.ts';
import { accountDocument } from '../account-words.ts';
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
  if (accounts.length === 0) {
    return ['Nobody has registered yet.'];
  }
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
