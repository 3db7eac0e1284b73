import type { OperatorCommand } from './command.ts';

const ACCOUNT_JSON = [
  '{"name":"alice","balance":"9987.50","balanceMinor":998750,',
  ' "currency":{"name":"dollars","scale":2},"frozen":false,"online":true,',
  ' "registered":"2026-07-01T16:30:00.000Z","key":"<64 hex>"}',
];
const REFUSED_JSON = '{"error":{"code":null,"name":"ACCOUNT_UNKNOWN","text":"..."}}';
const BESIDE_OR_ALONE = ['By the server that uses the folder, or on the books themselves where none does.'];

/** Every command of `farthing-server`, in the order of the help. */
export const OPERATOR_COMMANDS: readonly OperatorCommand[] = [
  {
    name: 'status',
    words: [],
    summary: 'how the running server is doing',
    examples: ['farthing-server status', 'farthing-server status --json | jq .circulation'],
    details: ['Exit status 3: no server uses the folder, or it does not answer.'],
    json: [
      '{"version":"0.1.0","pid":4711,"startedAt":"2026-07-01T16:30:00.000Z","uptimeSeconds":60,',
      ' "address":"farthing://<host>:<port>#<64 hex>","key":"<64 hex>","connections":3,',
      ' "opening":0,"loggedIn":2,"accounts":2,"transfers":3,"circulation":"20000.00",',
      ' "circulationMinor":2000000,"currency":{"name":"dollars","scale":2},"commits":1,',
      ' "failedCommits":0,"payments":1,"freeBytes":52428800000,"refusing":null}',
      'refusing: why payments are refused, or null. A count is null while nobody can tell.',
    ],
    options: [],
    load: () => import('./status.ts'),
  },
  {
    name: 'accounts',
    words: [],
    summary: 'every account, with its balance',
    examples: ['farthing-server accounts'],
    details: [],
    json: [
      '{"accounts":[ACCOUNT, ...]}, where each ACCOUNT is',
      ...ACCOUNT_JSON,
      'and besides has "transfers":5',
    ],
    options: [],
    load: () => import('./accounts.ts'),
  },
  {
    name: 'freeze',
    words: ['NAME'],
    summary: 'keep an account from paying and being paid',
    examples: ['farthing-server freeze mallory --reason "stolen device"'],
    details: ['Its owner may still log in, and see the balance and the history.', ...BESIDE_OR_ALONE],
    json: [
      '{"done":"freeze","transfer":null,"account":ACCOUNT}, where ACCOUNT is',
      ...ACCOUNT_JSON,
      REFUSED_JSON,
    ],
    options: ['reason'],
    required: ['reason'],
    load: async () => ({ run: (await import('./freeze.ts')).freeze }),
  },
  {
    name: 'unfreeze',
    words: ['NAME'],
    summary: 'let it pay and be paid again',
    examples: ['farthing-server unfreeze mallory --reason "device found"'],
    details: BESIDE_OR_ALONE,
    json: [
      '{"done":"unfreeze","transfer":null,"account":ACCOUNT}, where ACCOUNT is',
      ...ACCOUNT_JSON,
      REFUSED_JSON,
    ],
    options: ['reason'],
    required: ['reason'],
    load: async () => ({ run: (await import('./freeze.ts')).unfreeze }),
  },
  {
    name: 'issue',
    words: ['NAME', 'AMOUNT'],
    summary: 'give an account new money',
    examples: ['farthing-server issue alice 100 --reason "paid in cash"'],
    details: [
      'A transfer from the issuer, with the reason as its memo: alice sees both, at',
      'once if online.',
      ...BESIDE_OR_ALONE,
    ],
    json: [
      '{"done":"issue","transfer":7,"account":ACCOUNT}, where ACCOUNT is',
      ...ACCOUNT_JSON,
      REFUSED_JSON,
    ],
    options: ['reason', 'yes'],
    required: ['reason'],
    load: async () => ({ run: (await import('./issue.ts')).issue }),
  },
  {
    name: 'redeem',
    words: ['NAME', 'AMOUNT'],
    summary: "take an account's money out of circulation",
    examples: ['farthing-server redeem alice 100 --reason "paid out in cash"'],
    details: [
      'A transfer to the issuer, with the reason as its memo, which alice sees. No',
      'balance goes below zero.',
      ...BESIDE_OR_ALONE,
    ],
    json: [
      '{"done":"redeem","transfer":8,"account":ACCOUNT}, where ACCOUNT is',
      ...ACCOUNT_JSON,
      REFUSED_JSON,
    ],
    options: ['reason', 'yes'],
    required: ['reason'],
    load: async () => ({ run: (await import('./issue.ts')).redeem }),
  },
  {
    name: 'rekey',
    words: ['NAME'],
    summary: 'give a name to the key of a new device',
    examples: ['farthing-server rekey alice --key HEX --reason "lost phone, seen here"'],
    details: [
      'The key is what "farthing whoami" shows on the new device. Whoever has the old',
      'one can no longer log in, and is logged out. Be sure who asks: the name, with',
      'its money, belongs to the new key from then on.',
      ...BESIDE_OR_ALONE,
    ],
    json: [
      '{"done":"rekey","transfer":null,"account":ACCOUNT}, where ACCOUNT is',
      ...ACCOUNT_JSON,
      REFUSED_JSON,
    ],
    options: ['key', 'reason', 'yes'],
    required: ['key', 'reason'],
    load: () => import('./rekey.ts'),
  },
  {
    name: 'audit',
    words: [],
    summary: 'check the books, or a backup of them',
    examples: ['farthing-server audit --data ./books', 'farthing-server audit --backup books-monday.db'],
    details: [
      'Carries out every transfer once more, from the first on, compares what comes of',
      'it with the books, and reads every page of their file. It works beside a running',
      'server, on the books as they are at one moment, and writes nothing.',
      'Where no server has them open, the log that a crash has left beside them is',
      'checked too. Exit status 0: in order. 1: not in order, or they cannot be read.',
    ],
    json: [
      '{"ok":true,"accounts":2,"transfers":3,"circulation":"20000.00","circulationMinor":2000000,',
      ' "currency":{"name":"dollars","scale":2},"problems":[]}',
    ],
    options: ['backup'],
    load: () => import('./audit.ts'),
  },
  {
    name: 'backup',
    words: ['FILE'],
    summary: 'copy the books, while payments go on',
    examples: ['farthing-server backup books-monday.db --data ./books'],
    details: [
      'The copy is of one moment. It is audited before it gets its name: a file of that',
      'name is whole, and in order. It is for you alone to read (0600), and holds',
      'everything that the books hold. The key of the server, server.key, is not in it:',
      'keep a copy of that too, once, in another place.',
    ],
    json: [
      '{"ok":true,"accounts":2,"transfers":3,"circulation":"20000.00","circulationMinor":2000000,',
      ' "currency":{"name":"dollars","scale":2},"problems":[],"file":"/srv/books-monday.db","bytes":98304}',
    ],
    options: ['force'],
    load: () => import('./backup.ts'),
  },
  {
    name: 'restore',
    words: ['FILE'],
    summary: 'put a backup in the place of the books',
    examples: [
      'farthing-server restore books-monday.db --data ./books',
      'farthing-server restore books-monday.db --data ./books --force',
    ],
    details: [
      'The backup is audited before anything is done, and its copy once more. Books',
      'that are there already are replaced only with --force, and kept under another',
      'name. What was paid after the backup is gone: the same order, sent again, is',
      'then carried out again.',
    ],
    json: [
      '{"ok":true,"accounts":2,"transfers":3,"circulation":"20000.00","circulationMinor":2000000,',
      ' "currency":{"name":"dollars","scale":2},"problems":[],"kept":null,"hasKey":true}',
    ],
    options: ['force'],
    load: () => import('./restore.ts'),
  },
  {
    name: 'export',
    words: [],
    summary: 'write out transfers, as CSV or JSON Lines',
    examples: [
      'farthing-server export --data ./books > transfers.csv',
      'farthing-server export --format jsonl --from 1001 --account alice',
    ],
    details: [
      'It works beside a running server, on the books as they are at one moment.',
      'CSV is that of RFC 4180: seq, time, from, to, amount, amount_minor, memo, id.',
      'Before a memo that a spreadsheet could take for a formula, or that begins with',
      'an apostrophe, stands one apostrophe more: take it away to read it as written.',
    ],
    json: [
      '{"seq":2,"id":"<32 hex>","from":"alice","to":"bob","amount":"12.50","amountMinor":1250,',
      ' "memo":"","at":"2026-11-22T14:52:07.123Z"}, one a line (the same as --format jsonl)',
    ],
    options: ['format', 'from', 'to', 'account'],
    load: () => import('./export.ts'),
  },
  {
    name: 'unit',
    words: ['[PORT]'],
    summary: 'print a systemd unit that keeps it running',
    examples: [
      'farthing-server unit --quiet > farthing-server.service',
      'farthing-server unit 1960 --data /srv/farthing --metrics 9464',
    ],
    details: [
      'The unit starts this installation with the port and the options given here, and',
      'shuts it off from the rest of the machine. Without --data, systemd makes a user',
      'and a folder for it. The unit says how it is installed.',
    ],
    json: [],
    options: [],
    serving: true,
    load: () => import('./unit.ts'),
  },
];

/** The command of that name. */
export function findOperatorCommand(name: string): OperatorCommand | undefined {
  return OPERATOR_COMMANDS.find((command) => command.name === name);
}
