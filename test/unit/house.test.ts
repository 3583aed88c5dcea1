import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../build/paths.mjs';
import { importProblem, type Import } from '../../build/zones.mjs';

/** A file beyond this is not read in one sitting. */
const LONGEST_FILE = 350;

const sources = ['domain', 'electron', 'renderer'].flatMap((folder) =>
  readdirSync(path.join(ROOT, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(ts|svelte)$/.test(entry.name))
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/')),
);

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
    ['electron/store/client.ts', '../wiring/memory.ts', 'x'],
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
    ['electron/program/program.ts', '../store/client.ts', 'x'],
    ['electron/main.ts', './wiring/program.ts', 'x'],
  ];
  it.each(allowed)('allows %s to import %s (%s)', (file, specifier, ...names) => {
    expect(importProblem({ file, specifier, names })).toBeUndefined();
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
