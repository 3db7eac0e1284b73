// The imports of the tree as a graph, types included: who imports whom, and which files import each other in
// a circle.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** By file, the files that it imports; all paths from `root`, with `/`. */
export type Imports = ReadonlyMap<string, ReadonlySet<string>>;

/** `import … from '…'`, `export … from '…'`, `import '…'` and `import('…')`, as the formatter writes them. */
const SPECIFIER = /^(?:import|export|\})(?:[^'\n]* from)? '(\.[^']+)';$|\bimport\('(\.[^']+)'\)/gm;

/**
 * What the files of some folders import of each other. A specifier that names no file is an error of the
 * compiler's.
 */
export function importsOf(root: string, folders: readonly string[]): Imports {
  const files = globSync(
    folders.map((folder) => `${folder}/**/*.ts`),
    { cwd: root },
  ).map((file) => file.replaceAll('\\', '/'));
  return new Map(files.map((file) => [file, importsIn(root, file)]));
}

function importsIn(root: string, file: string): ReadonlySet<string> {
  const found = readFileSync(join(root, file), 'utf8').matchAll(SPECIFIER);
  return new Set(
    Array.from(found, ([, fixed, dynamic]) =>
      join(dirname(file), fixed ?? dynamic ?? '').replaceAll('\\', '/'),
    ),
  );
}

/** The same graph of folders: what `folderOf` gives for each file. Imports inside a folder are left out. */
export function importsBetween(graph: Imports, folderOf: (file: string) => string): Imports {
  const folders = new Map<string, Set<string>>();
  for (const [file, targets] of graph) {
    const from = folderOf(file);
    const tos = folders.get(from) ?? new Set();
    folders.set(from, tos);
    for (const to of targets) {
      if (folderOf(to) !== from) {
        tos.add(folderOf(to));
      }
    }
  }
  return folders;
}

/**
 * Every circle: files of which each reaches all others (the strongly connected components of Tarjan, SIAM J.
 * Comput. 1, 1972).
 */
export function circles(graph: Imports): string[][] {
  const found: string[][] = [];
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const visit = (file: string): void => {
    order.set(file, order.size);
    lowest.set(file, order.get(file) ?? 0);
    stack.push(file);
    for (const next of graph.get(file) ?? []) {
      if (!order.has(next)) {
        visit(next);
      }
      if (stack.includes(next)) {
        lowest.set(file, Math.min(lowest.get(file) ?? 0, lowest.get(next) ?? 0));
      }
    }
    if (lowest.get(file) !== order.get(file)) {
      return;
    }
    const circle = stack.splice(stack.indexOf(file));
    if (circle.length > 1 || graph.get(file)?.has(file) === true) {
      found.push(circle.sort());
    }
  };
  for (const file of graph.keys()) {
    if (!order.has(file)) {
      visit(file);
    }
  }
  return found;
}
