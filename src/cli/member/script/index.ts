import type { ScriptCommand } from './command.ts';

const BALANCE_JSON = '"balance":"9987.50","balanceMinor":998750,"currency":{"name":"dollars","scale":2}';
const TRANSFER_JSON =
  '"seq":3,"id":"<32 hex>","from":"alice","to":"bob","amount":"12.50","amountMinor":1250,"memo":"lunch","at":"2026-07-01T16:30:00.000Z"';

/** Every command of `farthing` for scripts, in the order of the help. */
export const COMMANDS: readonly ScriptCommand[] = [
  {
    name: 'register',
    words: ['NAME'],
    summary: 'take a name; the profile remembers it',
    examples: ['farthing register alice'],
    details: [
      'A name is 1 to 32 of a-z 0-9 _ . - and begins with a letter. From then on it',
      'belongs to the key of the profile. Asked again, it is remembered again.',
    ],
    json: ['{"code":100,"text":"100 OK","name":"alice","server":"farthing://<host>:<port>#<64 hex>"}'],
    options: [],
    load: () => import('./register.ts'),
  },
  {
    name: 'list',
    words: [],
    summary: 'your balance, and who is online where',
    examples: ['farthing list'],
    details: [],
    json: [
      `{"name":"alice",${BALANCE_JSON},`,
      ' "online":[{"name":"bob","host":"127.0.0.1","port":6001,"key":"<64 hex>"}]}',
      'host and port are null for one who takes no direct links',
    ],
    options: [],
    load: () => import('./list.ts'),
  },
  {
    name: 'balance',
    words: [],
    summary: 'your balance',
    examples: ['farthing balance', "farthing balance --json | jq -r '.balance'"],
    details: [],
    json: [`{"name":"alice",${BALANCE_JSON}}`],
    options: [],
    load: () => import('./balance.ts'),
  },
  {
    name: 'pay',
    words: ['TO', 'AMOUNT'],
    summary: 'pay somebody who is online',
    examples: [
      'farthing pay bob 12.50 --memo lunch',
      'farthing pay bob 12.50 --as alice --id 0198c1de4f7a70008000000000000001',
    ],
    details: [
      'With --id an order can be asked again safely: the same order of the same account',
      'pays once, however often it is asked. --as names the account, whichever one the',
      'profile remembers by then; its key must be that of the profile. Exit status 6',
      'means that no answer came; --as, --server and --id are then shown, to ask again',
      'with them, as when a signal ends the command before the answer.',
    ],
    json: [
      `{${TRANSFER_JSON},`,
      ` ${BALANCE_JSON},"delivered":"directly"}`,
      'delivered: "directly" or "through the server"',
    ],
    options: ['memo', 'id', 'as'],
    load: () => import('./pay.ts'),
  },
  {
    name: 'history',
    words: [],
    summary: 'what you paid and got, newest first',
    examples: ['farthing history', 'farthing history --limit 100 --before 2041'],
    details: [],
    json: [`{"name":"alice","transfers":[{${TRANSFER_JSON}}]}`],
    options: ['limit', 'before'],
    load: () => import('./history.ts'),
  },
  {
    name: 'friends',
    words: [],
    summary: 'your friends, who asks you and whom you asked',
    examples: ['farthing friends'],
    details: [],
    json: [
      '{"friends":[{"name":"bob","online":true,"state":"friend"}]}',
      'state: "friend", "asked" (you asked them), "asking" (they ask you)',
    ],
    options: [],
    load: () => import('./friends.ts'),
  },
  {
    name: 'befriend',
    words: ['NAME'],
    summary: 'ask somebody to be your friend, or accept',
    examples: ['farthing befriend bob'],
    details: ['Friends see each other come and go.'],
    json: ['{"name":"bob","state":"asked"}', 'state: "asked", or "friend" when they had asked you'],
    options: [],
    load: () => import('./befriend.ts'),
  },
  {
    name: 'unfriend',
    words: ['NAME'],
    summary: 'end a friendship, or decline or withdraw a request',
    examples: ['farthing unfriend bob'],
    details: [],
    json: ['{"name":"bob"}'],
    options: [],
    load: () => import('./unfriend.ts'),
  },
  {
    name: 'say',
    words: ['TO', 'TEXT...'],
    summary: 'say something to somebody, over a direct link',
    examples: ['farthing say bob "back in five minutes"'],
    details: ['The text goes to them alone, 1 to 4096 bytes; the server never sees it.'],
    json: ['{"to":"bob","text":"back in five minutes"}'],
    options: [],
    load: () => import('./say.ts'),
  },
  {
    name: 'listen',
    words: [],
    summary: 'stay online and print what comes, until interrupted',
    examples: ['farthing listen', 'farthing listen --json | jq --unbuffered .event'],
    details: [
      'Being online, you can be paid. A lost connection is made again. An account is',
      'online once: another login of it, such as by another command of the same',
      'profile, ends this one with exit status 4.',
    ],
    json: [
      'one document a line, told apart by "event":',
      '{"event":"listening","name":"alice","port":6000,"server":"farthing://<host>:<port>#<64 hex>"}',
      `{"event":"paid",${TRANSFER_JSON},"delivered":"directly"}`,
      '{"event":"unconfirmed", and the transfer as above}: the payer says so; "paid" follows if it is true',
      '{"event":"message","from":"bob","text":"hello"}',
      '{"event":"friend","name":"bob","state":"asking"}',
      '{"event":"presence","name":"bob","online":true}',
      '{"event":"notice","text":"..."}, {"event":"kicked","text":"..."}',
      '{"event":"lost","text":"..."}, {"event":"retrying","attempt":1,"delayMs":250}, {"event":"restored"}',
      '{"event":"dropped","lines":7}: so many were left out, never "paid", since nobody read on',
    ],
    options: ['port'],
    load: () => import('./listen.ts'),
  },
  {
    name: 'whoami',
    words: [],
    summary: 'your name, key and server, without asking anybody',
    examples: ['farthing whoami', 'farthing whoami --profile work'],
    details: [
      "On a new device it makes the key: the server's operator can give your name to it",
      'when the old device is lost. Then log in at the prompt: farthing HOST',
    ],
    json: [
      '{"name":"alice","profile":"default","key":"<64 hex>","server":"127.0.0.1:1960"}',
      'name is null before anything was registered',
    ],
    options: [],
    load: () => import('./whoami.ts'),
  },
  {
    name: 'forget',
    words: ['HOST[:PORT]'],
    summary: 'forget a server, when its operator gave it a new key',
    examples: ['farthing forget example.org:1960'],
    details: [
      'Without a port, every server of that host is forgotten. Accounts, money and',
      'your own key stay as they are.',
    ],
    json: ['{"server":"example.org:1960","forgotten":1}', 'forgotten: how many servers were known under it'],
    options: [],
    load: () => import('./forget.ts'),
  },
];

/** The command of that name. */
export function findCommand(name: string): ScriptCommand | undefined {
  return COMMANDS.find((command) => command.name === name);
}
