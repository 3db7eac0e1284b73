// What the library exports, as the compiler sees it: every name with what its doc comment says.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { API, type Checker, type Symbol as Declared, SymbolFlags } from 'typescript/unstable/sync';

const ROOT = join(import.meta.dirname, '../../..');

/** The entry points of the package, by the name under which a program imports them. */
const ENTRY_POINTS: Readonly<Record<string, string>> = {
  farthing: join(ROOT, 'src/index.ts'),
  'farthing/link': join(ROOT, 'src/link/index.ts'),
};

/**
 * One export, or a public member of an exported class, or a method of an exported interface: its fields may
 * speak for themselves.
 */
export interface Documented {
  /** `Wallet`, `Wallet.pay`. */
  readonly name: string;
  /** Whether a program calls it: a function, or a method of a class. */
  readonly called: boolean;
  /** What its doc comment says before the first tag; empty without one. */
  readonly text: string;
  /** The code of its `@example` blocks. */
  readonly examples: readonly string[];
}

const CALLED = SymbolFlags.Function | SymbolFlags.Method;

/** All that each entry point exports, sorted by name; nothing that is marked `@internal`. */
export function publicApi(): Readonly<Record<string, readonly Documented[]>> {
  const api = new API({ cwd: ROOT });
  try {
    const [project] = api.updateSnapshot({ openProjects: [join(ROOT, 'src/tsconfig.json')] }).getProjects();
    assert.ok(project !== undefined);
    const { program, checker } = project;
    const exportsOf = (path: string): Documented[] => {
      const file = program.getSourceFile(path);
      const module = file && checker.getSymbolAtLocation(file);
      assert.ok(module !== undefined, path);
      return checker.getExportsOfModule(module).flatMap((one) => documented(one, checker));
    };
    return Object.fromEntries(
      Object.entries(ENTRY_POINTS).map(([name, path]) => [
        name,
        exportsOf(path).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      ]),
    );
  } finally {
    api.close();
  }
}

function documented(exported: Declared, checker: Checker): Documented[] {
  const symbol = exported.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
  if (isInternal(symbol, checker)) {
    return [];
  }
  const isClass = (symbol.flags & SymbolFlags.Class) !== 0;
  const members = membersOf(symbol, checker).filter(({ flags }) => isClass || flags & SymbolFlags.Method);
  return [
    described(exported.name, symbol, checker, true),
    ...members.map((member) => described(`${exported.name}.${member.name}`, member, checker, isClass)),
  ];
}

/**
 * The public members that a class or interface declares itself, static ones included; not what it inherits.
 */
function membersOf(symbol: Declared, checker: Checker): Declared[] {
  if (!(symbol.flags & (SymbolFlags.Class | SymbolFlags.Interface))) {
    return [];
  }
  const inherited = (name: string): boolean => {
    const type = checker.getDeclaredTypeOfSymbol(symbol);
    const bases = type.isClassOrInterface() ? checker.getBaseTypes(type) : [];
    return bases.some((base) => checker.getPropertyOfType(base, name) !== undefined);
  };
  return [...symbol.getMembers().values(), ...symbol.getExports().values()].filter(
    (member) =>
      !(member.flags & (SymbolFlags.Constructor | SymbolFlags.Prototype | SymbolFlags.TypeParameter)) &&
      !member.escapedName.startsWith('__#') &&
      !inherited(member.name) &&
      !isInternal(member, checker),
  );
}

function described(name: string, symbol: Declared, checker: Checker, callable: boolean): Documented {
  return {
    name,
    called: callable && (symbol.flags & CALLED) !== 0,
    text: symbol.getDocumentationComment(checker),
    examples: symbol.getJsDocTags(checker).flatMap((tag) => (tag.name === 'example' ? [code(tag.text)] : [])),
  };
}

function isInternal(symbol: Declared, checker: Checker): boolean {
  return symbol.getJsDocTags(checker).some(({ name }) => name === 'internal');
}

/** The code of a fenced block, which is all that an `@example` consists of. */
function code(text = ''): string {
  const [, inside] = /^\s*```ts\n(.*)\n```\s*$/s.exec(text) ?? [];
  assert.ok(inside !== undefined, `an @example is one block of \`\`\`ts, and this is not:\n${text}`);
  return inside;
}
