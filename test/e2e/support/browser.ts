import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';

/** What the person does in the browser. */
export type Habit =
  /** Signs in and is brought back. */
  | 'follows'
  /** Looks at the page and does nothing. */
  | 'stares';

/** Goes where it is sent, as a browser does: from the sign-in page by redirect to the loopback address. */
const follow = `
import { appendFile } from 'node:fs/promises';
const [, , book, habit, address] = process.argv;
await appendFile(book, address + '\\n');
if (habit === 'follows') {
  const page = await fetch(address);
  await appendFile(book + '.back', page.url + '\\n');
  await appendFile(book + '.pages', await page.text());
}
`;

/** The system's browser: a program of its own, found as \`xdg-open\` before any other. */
export class Browser {
  /** Additions to the environment of the app that finds it. */
  readonly env: Readonly<Record<string, string>>;
  readonly #book: string;

  private constructor(folder: string) {
    this.env = { PATH: `${folder}${path.delimiter}${process.env['PATH'] ?? ''}` };
    this.#book = path.join(folder, 'visited');
  }

  static async installIn(parent: string, habit: Habit): Promise<Browser> {
    const folder = path.join(parent, `browser-${habit}`);
    await mkdir(folder, { recursive: true });
    const browser = new Browser(folder);
    const script = path.join(folder, 'follow.mjs');
    await writeFile(script, follow);
    const program = path.join(folder, 'xdg-open');
    await writeFile(
      program,
      `#!/bin/sh\nexec '${process.execPath}' '${script}' '${browser.#book}' '${habit}' "$1"\n`,
    );
    await chmod(program, 0o700);
    return browser;
  }

  /** The addresses it was sent to, oldest first. */
  visited(): Promise<URL[]> {
    return addressesIn(this.#book);
  }

  /** The addresses it ended at, with the codes it brought back. */
  broughtBack(): Promise<URL[]> {
    return addressesIn(`${this.#book}.back`);
  }

  /** What the pages said that it was brought back to. */
  async pages(): Promise<string> {
    const file = `${this.#book}.pages`;
    return existsSync(file) ? readFile(file, 'utf8') : '';
  }
}

async function addressesIn(file: string): Promise<URL[]> {
  const lines = existsSync(file) ? await readFile(file, 'utf8') : '';
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => new URL(line));
}
