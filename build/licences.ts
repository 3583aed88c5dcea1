import { mkdir, readdir, readFile, rename, writeFile, copyFile, access } from 'node:fs/promises';
import path from 'node:path';

/** The licences of everything that ships: of the packages in the bundles, the database engine, Electron and Chromium. */

/** A build's list of the packages in it, beside its bundle. */
export const noticesOf = (build: string): string => `${build}.licences.json`;

interface Entry {
  readonly name: string;
  readonly version: string;
  readonly identifier?: string;
  readonly text?: string;
}

/** Parts that are no package of a bundle. The engine's own packages carry no text; it is that of the whole. */
const BESIDES = [{ file: 'node_modules/libsql/LICENSE', name: 'libSQL engine (with SQLite, public domain)' }];

/** Packages that come without the text of their licence: where it is. By the makers of the other, under the same. */
const TEXTS: Readonly<Record<string, string>> = { 'lazy-val': 'node_modules/electron-updater/LICENSE' };

/** What the runtime brings about itself; the builder leaves it in one of two places. */
const OF_THE_RUNTIME = ['LICENSE.electron.txt', 'LICENSES.chromium.html'];

/**
 * Writes the folder of licences into a packed program.
 * @param mainBundle the folder of its main bundle
 * @param packed where the builder has put what the runtime brings
 * @throws when the licence of something is not known: nothing may ship without
 */
export async function writeLicences(
  root: string,
  mainBundle: string,
  packed: readonly string[],
  folder: string,
): Promise<void> {
  const places = [mainBundle, ...['main', 'preload', 'renderer'].map((room) => path.join(root, 'out', room))];
  await mkdir(folder, { recursive: true });
  await copyFile(path.join(root, 'LICENSE'), path.join(folder, 'LICENSE.txt'));
  await writeFile(path.join(folder, 'THIRD-PARTY.txt'), await thirdParty(root, places));
  for (const name of OF_THE_RUNTIME) {
    const there = await firstThatExists(packed.map((place) => path.join(place, name)));
    if (there === undefined) throw new Error(`The runtime brings no ${name}, which must ship with it.`);
    await rename(there, path.join(folder, name));
  }
}

async function thirdParty(root: string, places: readonly string[]): Promise<string> {
  const lists = await Promise.all(places.map(listsIn));
  const entries = new Map(lists.flat().map((entry) => [`${entry.name} ${entry.version}`, entry]));
  const sorted = [...entries].sort(([one], [other]) => one.localeCompare(other, 'en'));
  const sections: string[] = [];
  for (const [title, { name, identifier, text }] of sorted) {
    const elsewhere = TEXTS[name];
    const found = text ?? (elsewhere && (await readFile(path.join(root, elsewhere), 'utf8')));
    if (found === undefined)
      throw new Error(`${title} comes without the text of its licence (${identifier}).`);
    sections.push(section(identifier === undefined ? title : `${title} (${identifier})`, found));
  }
  for (const { file, name } of BESIDES)
    sections.push(section(name, await readFile(path.join(root, file), 'utf8')));
  return `Sharelight contains the following works, each under its own licence.\n\n${sections.join('\n')}`;
}

const section = (title: string, text: string): string => `${'='.repeat(80)}\n${title}\n\n${text.trim()}\n`;

async function listsIn(folder: string): Promise<Entry[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith(noticesOf('')));
  if (files.length === 0) throw new Error(`The build of ${folder} has no list of what is in it.`);
  const lists = await Promise.all(files.map((name) => readFile(path.join(folder, name), 'utf8')));
  return lists.flatMap((text) => JSON.parse(text) as Entry[]);
}

async function firstThatExists(files: readonly string[]): Promise<string | undefined> {
  for (const file of files) {
    const found = await access(file).then(
      () => true,
      () => false,
    );
    if (found) return file;
  }
  return undefined;
}
