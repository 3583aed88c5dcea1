import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../build/paths.mjs';
import { importProblem, type Import } from '../../build/zones.mjs';

/** A file beyond this is not read in one sitting. */
const LONGEST_FILE = 500;

/** Files of one tree that share a name because they do the same job, each for another owner. */
const SAME_JOB = [
  // One per window.
  ['electron/handlers/review.ts', 'electron/preload/review.ts'],
  ['electron/handlers/settings.ts', 'electron/preload/settings.ts'],
  ['electron/handlers/widget.ts', 'electron/preload/widget.ts'],
  ['renderer/review/main.ts', 'renderer/settings/main.ts', 'renderer/widget/main.ts'],
  // The client's side of the wire, and the server's.
  ...['auth/oauth', 'commands', 'http'].map((name) => [
    `electron/feed/genesys/${name}.ts`,
    `electron/feed/simulator/${name.replace('auth/', '')}.ts`,
  ]),
];

const files = ['archive', 'assets', 'build', 'domain', 'electron', 'renderer', 'test'].flatMap((folder) =>
  readdirSync(path.join(ROOT, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    .filter((file) => !/^archive\/(node_modules|out)\//.test(file)),
);
const sources = files.filter((file) => /^(archive|domain|electron|renderer)\/.*\.(ts|svelte)$/.test(file));
const guides = ['README.md', ...files.filter((file) => file.endsWith('/README.md'))];

describe('the house', () => {
  it('has rooms to look at', () => {
    for (const room of ['domain/', 'electron/', 'renderer/']) {
      expect(sources.some((file) => file.startsWith(room))).toBe(true);
    }
  });

  it('lets nobody import what is not theirs', () => {
    const problems = sources.flatMap((file) =>
      importsOf(file, readFileSync(path.join(ROOT, file), 'utf8')).flatMap((each) => {
        const problem = importProblem(each);
        return problem === undefined ? [] : [`${file} imports ${each.specifier}: ${problem}`];
      }),
    );
    expect(problems).toEqual([]);
  });

  it('has no circle of imports', () => {
    expect(circlesOf(new Map(sources.map((file) => [file, neighboursOf(file)])))).toEqual([]);
  });

  it('has no two files of one tree with the same name, but for the same job', () => {
    const byName = new Map<string, string[]>();
    for (const file of sources) {
      const name = `${file.split('/')[0] ?? ''}/…/${path.posix.basename(file)}`;
      byName.set(name, [...(byName.get(name) ?? []), file]);
    }
    const doSameJob = (files: readonly string[]): boolean =>
      SAME_JOB.some((allowed) => files.every((file) => allowed.includes(file)));
    const shared = [...byName.values()].filter((files) => files.length > 1);
    expect(shared.filter((files) => !doSameJob(files))).toEqual([]);
  });

  it('names no file that is not there, in the build and the benchmarks', () => {
    const named = ['build', 'test/bench'].flatMap((folder) =>
      readdirSync(path.join(ROOT, folder), { withFileTypes: true, recursive: true })
        .filter((entry) => entry.isFile() && /\.(ts|mjs)$/.test(entry.name))
        .flatMap((entry) => {
          const text = readFileSync(path.join(entry.parentPath, entry.name), 'utf8');
          return [...text.matchAll(/'((?:domain|electron|renderer)\/[\w./-]+\.(?:ts|svelte))'/g)];
        })
        .map(([, file = '']) => file),
    );
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
  });

  it.each(guides)('names no file in %s that is not there', (guide) => {
    const folder = path.posix.dirname(guide);
    const text = readFileSync(path.join(ROOT, guide), 'utf8').replace(/```[\s\S]*?```/g, '');
    const named = [...text.matchAll(/`([\w@./-]+\.(?:ts|mjs|svelte|css|html|md))`/g)].map(
      ([, name = '']) => name,
    );
    // A name is a path from the root, or the end of a path below the folder of the guide.
    const isHere = (name: string): boolean =>
      files.some((file) => file === name || (file.startsWith(`${folder}/`) && file.endsWith(`/${name}`)));
    expect(named.filter((name) => !isHere(name))).toEqual([]);

    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !existsSync(path.join(ROOT, folder, link)))).toEqual([]);
  });

  it('has no file that cannot be read in one sitting', () => {
    const long = sources
      .map((file) => ({ file, lines: readFileSync(path.join(ROOT, file), 'utf8').split('\n').length - 1 }))
      .filter(({ lines }) => lines > LONGEST_FILE);
    expect(long).toEqual([]);
  });
});

describe('the rule', () => {
  const forbidden: [file: string, specifier: string, ...names: string[]][] = [
    ['domain/communication/reducer.ts', 'node:fs', 'readFileSync'],
    ['domain/communication/reducer.ts', 'fs', 'readFileSync'],
    ['domain/communication/reducer.ts', 'electron', 'app'],
    ['domain/communication/reducer.ts', 'svelte', 'mount'],
    ['domain/communication/reducer.ts', '../../electron/tracker/state.ts', 'x'],
    ['renderer/widget/Widget.svelte', '../../electron/tracker/state.ts', 'x'],
    ['renderer/widget/Widget.svelte', 'electron', 'shell'],
    ['renderer/widget/Widget.svelte', 'electron/renderer', 'ipcRenderer'],
    ['electron/store/client.ts', '../tracker/state.ts', 'x'],
    ['electron/store/client.ts', '../database/opening.ts', 'x'],
    ['electron/review/opened-file.ts', '../database/opening.ts', 'x'],
    ['electron/database/opening.ts', '../account/account.ts', 'x'],
    ['electron/account/account.ts', '../handlers/widget.ts', 'x'],
    ['electron/handlers/widget.ts', '../program/settings-in-force.ts', 'x'],
    ['electron/paths.ts', './program/data-folder.ts', 'x'],
    ['electron/store/client.ts', 'libsql', 'default'],
    ['electron/shell/tray.ts', 'electron/main', 'ipcMain'],
    ['electron/shell/tray.ts', 'electron', '*'],
    ['electron/program/program.ts', 'electron', 'ipcMain'],
    ['electron/preload/widget.ts', 'electron', 'ipcRenderer'],
    ['electron/preload/widget.ts', 'node:fs', 'readFileSync'],
    ['electron/feed/simulator/server.ts', 'electron', 'app'],
  ];
  it.each(forbidden)('forbids %s to import %s (%s)', (file, specifier, ...names) => {
    expect(importProblem({ file, specifier, names })).toEqual(expect.any(String));
  });

  const allowed: [file: string, specifier: string, ...names: string[]][] = [
    ['domain/communication/reducer.ts', '../model/values.ts', 'x'],
    ['domain/communication/reducer.ts', 'zod', 'z'],
    ['renderer/widget/Widget.svelte', '../../domain/state.ts', 'x'],
    ['renderer/widget/Widget.svelte', 'svelte/transition', 'fade'],
    ['electron/store/engine.ts', 'libsql', 'default'],
    ['electron/ipc/router.ts', 'electron', 'ipcMain'],
    ['electron/preload/bridge.ts', 'electron', 'contextBridge', 'ipcRenderer'],
    ['electron/shell/tray.ts', 'electron', 'Tray'],
    ['electron/program/program.ts', '../handlers/widget.ts', 'x'],
    ['electron/handlers/widget.ts', '../account/account.ts', 'x'],
    ['electron/account/account-session.ts', '../database/opening.ts', 'x'],
    ['electron/database/opening.ts', '../review/revision.ts', 'x'],
    ['electron/database/opening.ts', '../store/client.ts', 'x'],
    ['electron/review/opened-file.ts', '../paths.ts', 'x'],
    ['electron/main.ts', './program/program.ts', 'x'],
  ];
  it.each(allowed)('allows %s to import %s (%s)', (file, specifier, ...names) => {
    expect(importProblem({ file, specifier, names })).toBeUndefined();
  });
});

describe('looking for circles', () => {
  it('finds each of them, whole, and nothing else', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c', 'd']],
      ['c', ['a']],
      ['d', []],
      ['e', ['e', 'a']],
    ]);
    expect(circlesOf(graph)).toEqual([['a', 'b', 'c'], ['e']]);
  });
});

describe('reading imports', () => {
  it('finds every way to name another module', () => {
    const text = `
      import a, { b as c } from 'one';
      import type { d } from 'two';
      import * as e from 'three';
      export { f as g } from 'four';
      export * from 'five';
      const h = await import('six');
      const i = require('seven');
      type J = import('eight').K;
      import 'nine';`;
    const found = importsOf('domain/x.ts', text).map(
      ({ specifier, names }) => `${specifier}: ${names.join()}`,
    );
    expect(found.sort()).toEqual(
      [
        'one: default,b',
        'two: d',
        'three: *',
        'four: f',
        'five: *',
        'six: *',
        'seven: *',
        'eight: ',
        'nine: ',
      ]
        .slice()
        .sort(),
    );
  });

  it('reads the scripts of a component', () => {
    const text = `<script module>import a from 'one';</script>\n<script lang="ts">import b from 'two';</script>\n<p>`;
    expect(importsOf('renderer/x.svelte', text).map((each) => each.specifier)).toEqual(['one', 'two']);
  });
});

/** The files of the house that a file imports. */
function neighboursOf(file: string): string[] {
  return importsOf(file, readFileSync(path.join(ROOT, file), 'utf8'))
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map(({ specifier }) => path.posix.join(path.posix.dirname(file), specifier))
    .filter((target) => sources.includes(target));
}

/** Groups of files that reach each other, each sorted by name. */
function circlesOf(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const reach = (from: string): Set<string> => {
    const found = new Set<string>();
    const left = [...(graph.get(from) ?? [])];
    for (let file = left.pop(); file !== undefined; file = left.pop()) {
      if (found.has(file)) continue;
      found.add(file);
      left.push(...(graph.get(file) ?? []));
    }
    return found;
  };
  const reached = new Map([...graph.keys()].map((file) => [file, reach(file)]));
  const circles = [...graph.keys()]
    .filter((file) => reached.get(file)?.has(file) === true)
    .map((file) =>
      [...graph.keys()]
        .filter((other) => reached.get(file)?.has(other) === true && reached.get(other)?.has(file) === true)
        .sort(),
    );
  return [...new Map(circles.map((circle) => [circle.join(), circle])).values()].sort();
}

/** TypeScript's own parser, so that no spelling of an import escapes. */
function importsOf(file: string, text: string): Import[] {
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, names: readonly string[]) => {
    if (specifier !== undefined && ts.isStringLiteralLike(specifier)) {
      found.push({ file, specifier: specifier.text, names });
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, namesOf(node.importClause));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, exportedNames(node));
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, []);
    else if (ts.isCallExpression(node) && loadsModule(node.expression)) add(node.arguments[0], ['*']);
    ts.forEachChild(node, visit);
  };
  for (const script of scriptsOf(file, text)) {
    visit(ts.createSourceFile(file, script, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS));
  }
  return found;
}

function scriptsOf(file: string, text: string): string[] {
  if (!file.endsWith('.svelte')) return [text];
  return [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map((match) => match[1] ?? '');
}

function namesOf(clause: ts.ImportClause | undefined): string[] {
  const names = clause?.name === undefined ? [] : ['default'];
  const bindings = clause?.namedBindings;
  if (bindings === undefined) return names;
  if (ts.isNamespaceImport(bindings)) return [...names, '*'];
  return [...names, ...bindings.elements.map((element) => (element.propertyName ?? element.name).text)];
}

function exportedNames(node: ts.ExportDeclaration): string[] {
  if (node.exportClause === undefined || !ts.isNamedExports(node.exportClause)) return ['*'];
  return node.exportClause.elements.map((element) => (element.propertyName ?? element.name).text);
}

function loadsModule(callee: ts.Expression): boolean {
  return (
    callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require')
  );
}
