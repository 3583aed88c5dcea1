import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MessageFormatElement } from '@formatjs/icu-messageformat-parser';
import { describe, expect, it } from 'vitest';
import ts from 'typescript';
import { build, type Rolldown } from 'vite';
import en from '../../../assets/locales/en.json' with { type: 'json' };
import { compileAll, compiledMessages } from '../../../build/vite/messages.ts';
import { compileMessage } from '../../../domain/words/compile-message.ts';
import { say, type MessageKey } from '../../../domain/words/say.ts';

const root = join(import.meta.dirname, '../../..');
const keys = Object.keys(en) as MessageKey[];

function sources(folder: string, ending: RegExp): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => ending.test(file))
    .map((file) => join(folder, file));
}
const text = (file: string): string => readFileSync(join(root, file), 'utf8');
const all = ['domain', 'electron', 'renderer'].flatMap((folder) => sources(folder, /\.(ts|svelte)$/));

/** Kinds of message elements (`TYPE` of the ICU parser). */
const literal = 0;
const number = 2;
const plural = 6;

/** Names a message asks for, and whether each must be a number. */
function asked(elements: readonly MessageFormatElement[]): Map<string, boolean> {
  const names = new Map<string, boolean>();
  for (const element of elements) {
    const type: number = element.type;
    if ('value' in element && type !== literal) names.set(element.value, type === plural || type === number);
    const options = 'options' in element ? Object.values(element.options) : [];
    for (const { value } of options)
      for (const [name, isNumber] of asked(value)) if (!names.has(name)) names.set(name, isNumber);
  }
  return names;
}
function askedBy(key: MessageKey): Map<string, boolean> {
  const message = compileMessage(en[key]);
  return asked(typeof message === 'string' ? [] : message);
}
/** What a message asks for, with this number wherever it asks for one. */
const parametersWith = (key: MessageKey, count: number): Record<string, string | number> =>
  Object.fromEntries([...askedBy(key)].map(([name, isNumber]) => [name, isNumber ? count : 'word']));

describe('messages', () => {
  it.each(keys)('%s says something for each number, with nothing left unfilled', (key) => {
    for (const count of [0, 1, 2, 11, 1_000_000]) {
      // What stands in quotes is meant as it is.
      const meant = [...en[key].matchAll(/'(\{[^']*\})'/g)].map(([, braces = '']) => braces);
      const said = meant.reduce(
        (all, braces) => all.replaceAll(braces, ''),
        say(key, parametersWith(key, count)),
      );
      expect(said.trim()).not.toBe('');
      expect(said).not.toMatch(/[{}]|undefined|NaN/);
    }
  });

  it('are given what they ask for, wherever they are said', () => {
    const problems: string[] = [];
    let checked = 0;
    for (const file of all) {
      const source = ts.createSourceFile(file, scriptOf(file), ts.ScriptTarget.Latest, true);
      const visit = (node: ts.Node): void => {
        if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'say') {
          const [key, parameters] = node.arguments;
          const given =
            parameters && ts.isObjectLiteralExpression(parameters)
              ? parameters.properties.map((property) => property.name?.getText(source) ?? '…')
              : [];
          for (const said of literalsOf(key)) {
            checked += 1;
            const wanted = [...askedBy(said).keys()];
            if (wanted.sort().join() !== given.sort().join())
              problems.push(`${file}: ${said} asks for [${wanted.join()}], is given [${given.join()}]`);
          }
        }
        ts.forEachChild(node, visit);
      };
      visit(source);
    }
    expect(problems).toEqual([]);
    expect(checked).toBeGreaterThan(100);
  });

  it('are all said somewhere', () => {
    const code = all.map(text).join('\n');
    const patterns = [...code.matchAll(/`([\w.]+\.)\$\{[^}]+\}([\w.]*)`/g)].map(
      ([, start = '', end = '']) => ({ start, end }),
    );
    const unused = keys.filter(
      (key) =>
        !code.includes(`'${key}'`) &&
        !patterns.some(({ start, end }) => key.startsWith(start) && key.endsWith(end)),
    );
    expect(unused).toEqual([]);
  });
});

describe('messages in a build', () => {
  it('say the same as before it, without the parser', async () => {
    const output = await build({
      configFile: false,
      publicDir: false,
      logLevel: 'silent',
      plugins: [compiledMessages(root)],
      build: { write: false, lib: { entry: join(root, 'domain/words/say.ts'), formats: ['es'] } },
    });
    const [bundle] = output as Rolldown.RolldownOutput[];
    const code = bundle?.output[0].code ?? '';
    expect(code).not.toContain('MALFORMED_ARGUMENT');
    const built = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as { say: typeof say };
    for (const key of keys)
      for (const count of [0, 1, 2, 1_000_000]) {
        const parameters = parametersWith(key, count);
        expect(built.say(key, parameters)).toBe(say(key, parameters));
      }
  });

  it('fails by name where one of them is no message', () => {
    expect(() =>
      compileAll({ 'app.name': 'Sharelight', 'widget.title': 'Shared by {count, plural, one {#}' }),
    ).toThrow(
      /^assets\/locales\/en\.json: "widget\.title" is no ICU message \(.+\): Shared by \{count, plural, one \{#\}$/,
    );
  });

  it('takes a message with quoted braces for the text it is', () => {
    expect(compileMessage("Type '{'name'}' for ''all''")).toBe("Type {name} for 'all'");
  });
});

/** The TypeScript of a file: of a component its script, and what its markup says. */
function scriptOf(file: string): string {
  if (!file.endsWith('.svelte')) return text(file);
  return [...text(file).matchAll(/<script[^>]*>([\s\S]*?)<\/script>|say\((?:[^()]|\([^()]*\))*\)/g)]
    .map(([whole, script]) => script ?? whole)
    .join(';\n');
}

/** Keys an expression can be: a literal, or one of two. */
function literalsOf(node: ts.Expression | undefined): MessageKey[] {
  if (!node) return [];
  if (ts.isConditionalExpression(node)) return [...literalsOf(node.whenTrue), ...literalsOf(node.whenFalse)];
  return ts.isStringLiteral(node) && node.text in en ? [node.text as MessageKey] : [];
}
