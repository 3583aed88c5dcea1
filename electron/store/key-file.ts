import { existsSync, readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { say } from '../../domain/words/say.ts';
import { keyFile, makeFolder, writeWhole } from './files.ts';
import { asProblem } from './problems.ts';

/** `key.json` of a database folder: how the 32 bytes that open the database are kept. */

/**
 * - `missing`: there is a database but no key.json
 * - `unreadable`: key.json cannot be read, parsed or understood
 * - `exposed`: a key file that others can read
 * - `sealed`: the key store does not open it
 * - `unwritable`: the folder takes no new key.json
 * - `answered`: the answer does not fit how the key is kept
 * - `unkept`: this machine cannot keep it as it is to be kept
 */
export type KeyProblemCode =
  'missing' | 'unreadable' | 'exposed' | 'sealed' | 'unwritable' | 'answered' | 'unkept';

export interface KeyProblem {
  readonly code: KeyProblemCode;
  /** What happened and what to do, for the person. */
  readonly message: string;
}

export function keyProblem(code: KeyProblemCode, message: string): KeyProblem {
  return { code, message };
}

export class KeyFileProblem extends Error {
  readonly problem: KeyProblem;
  constructor(problem: KeyProblem, options?: ErrorOptions) {
    super(problem.message, options);
    this.name = 'KeyFileProblem';
    this.problem = problem;
  }
}

const version = z.literal(1);
const base64 = z.base64();
const keyBytes = base64.refine((text) => Buffer.from(text, 'base64').length === 32, 'A key has 32 bytes');
const powerOfTwo = (from: number, to: number): z.ZodType<number> =>
  z
    .int()
    .min(from)
    .max(to)
    .refine((value) => Number.isInteger(Math.log2(value)), 'A power of two');

const systemSchema = z.strictObject({
  version,
  kind: z.literal('system'),
  backend: z.string(),
  sealed: base64,
});
const fileSchema = z.strictObject({ version, kind: z.literal('file'), key: keyBytes });
const passphraseSchema = z.strictObject({
  version,
  kind: z.literal('passphrase'),
  salt: base64,
  // Bounds, so that a damaged file cannot ask for all the memory of the machine.
  params: z.strictObject({
    N: powerOfTwo(2 ** 14, 2 ** 20),
    r: z.int().min(1).max(16),
    p: z.int().min(1).max(8),
  }),
  /** Nonce of 12 bytes, the sealed 32, tag of 16. */
  sealed: base64.refine((text) => Buffer.from(text, 'base64').length === 60, 'A sealed key has 60 bytes'),
});
const keyFileSchema = z.discriminatedUnion('kind', [systemSchema, fileSchema, passphraseSchema]);
export type KeyFile = z.infer<typeof keyFileSchema>;
export type PassphraseKeyFile = z.infer<typeof passphraseSchema>;

export interface PassphraseSeal {
  readonly salt: Uint8Array;
  readonly params: PassphraseKeyFile['params'];
  readonly sealed: Uint8Array;
}

export type StoredKey =
  | { readonly kind: 'system'; readonly backend: string; readonly sealed: Uint8Array }
  | { readonly kind: 'file'; readonly key: Uint8Array }
  | { readonly kind: 'passphrase'; readonly sealed: PassphraseSeal };

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

function unreadable(message: string, cause?: unknown): KeyFileProblem {
  return new KeyFileProblem(keyProblem('unreadable', message), { cause });
}

function parse(place: string, text: string): KeyFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw unreadable(say('key.notJson', { file: place }), error);
  }
  const newer = z.looseObject({ version: z.int().min(2) }).safeParse(value);
  if (newer.success) throw unreadable(say('key.newerVersion', { file: place }));
  const parsed = keyFileSchema.safeParse(value);
  if (!parsed.success) throw unreadable(say('key.notAKey', { file: place }), parsed.error);
  return parsed.data;
}

/** Whether this is the text of a key file that holds this key as it is. */
export function isPlainKey(text: string, key: Uint8Array): boolean {
  try {
    const file = parse('', text);
    return file.kind === 'file' && Buffer.from(key).equals(bytes(file.key));
  } catch {
    return false;
  }
}

/** A key that lies open is worth as much as no key; the person must know, so it is refused. */
function refuseExposed(place: string): void {
  // Windows keeps no such bits: the folder's own rights apply.
  if (process.platform === 'win32' || (statSync(place).mode & 0o077) === 0) return;
  throw new KeyFileProblem(keyProblem('exposed', say('key.exposed', { file: place })));
}

/**
 * Null when there is none.
 * @throws KeyFileProblem
 */
export function readKeyFile(folder: string): StoredKey | null {
  const place = keyFile(folder);
  let text: string;
  try {
    text = readFileSync(place, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw unreadable(say('key.unreadable', { file: place }), error);
  }
  const file = parse(place, text);
  switch (file.kind) {
    case 'system':
      return { kind: 'system', backend: file.backend, sealed: bytes(file.sealed) };
    case 'file':
      refuseExposed(place);
      return { kind: 'file', key: bytes(file.key) };
    case 'passphrase':
      return {
        kind: 'passphrase',
        sealed: { salt: bytes(file.salt), params: file.params, sealed: bytes(file.sealed) },
      };
  }
}

/**
 * Makes the folder and its key.json: owner-only, whole or not at all, durable when it returns. Never replaces
 * one: it may have appeared while the key store or the passphrase took their time.
 * @throws KeyFileProblem
 */
export function writeKeyFile(folder: string, file: KeyFile): void {
  const place = keyFile(folder);
  if (existsSync(place)) {
    throw new KeyFileProblem(keyProblem('answered', say('key.appeared', { file: place })));
  }
  putKeyFile(folder, file);
}

/**
 * The same, in place of the one there is: at every moment the old one is there, or the new one. Only for what
 * holds the same key.
 * @throws KeyFileProblem
 */
export function putKeyFile(folder: string, file: KeyFile): void {
  const place = keyFile(folder);
  try {
    makeFolder(folder);
    writeWhole(place, `${JSON.stringify(file, null, 2)}\n`);
  } catch (error) {
    throw new KeyFileProblem(keyProblem('unwritable', asProblem(error, place).message), { cause: error });
  }
}
