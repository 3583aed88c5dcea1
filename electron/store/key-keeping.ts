import { newPassphraseProblem } from '../../domain/passphrase.ts';
import type { KeyKeepingChoice } from '../../domain/program-info.ts';
import { say } from '../../domain/words/say.ts';
import { deleteEarlierKeyFiles } from './backups/key-backup.ts';
import { KeyFileProblem, keyProblem, isPlainKey, putKeyFile, readKeyFile, type KeyFile } from './key-file.ts';
import { isUsable, sealWithSystem, type KeyStore } from './key.ts';
import { openWithPassphrase, sealWithPassphrase } from './passphrase.ts';

/**
 * Keeping the same key otherwise. The database is encrypted with random bytes that stay what they are, so nothing
 * in it changes: only how these bytes are wrapped.
 */

function unkept(message: string): KeyFileProblem {
  return new KeyFileProblem(keyProblem('unkept', message));
}

async function sealWithWords(key: Uint8Array, passphrase: string): Promise<KeyFile> {
  const tooWeak = newPassphraseProblem(passphrase);
  if (tooWeak !== '') throw unkept(tooWeak);
  const file = await sealWithPassphrase(key, passphrase);
  const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
  const seal = { salt: bytes(file.salt), params: file.params, sealed: bytes(file.sealed) };
  const opened = await openWithPassphrase(seal, passphrase);
  if (!opened || !Buffer.from(opened).equals(key)) throw unkept(say('key.notProven'));
  return file;
}

/**
 * The key wrapped as it is to be kept, proven by opening it again. Nothing is written yet.
 * @throws KeyFileProblem
 */
export async function wrapKey(
  key: Uint8Array,
  wanted: KeyKeepingChoice,
  keyStore: KeyStore,
): Promise<KeyFile> {
  switch (wanted.how) {
    case 'file':
      return { version: 1, kind: 'file', key: Buffer.from(key).toString('base64') };
    case 'passphrase':
      return sealWithWords(key, wanted.passphrase);
    case 'system':
      if (!(await isUsable(keyStore))) throw unkept(say('key.noKeyStoreHere'));
      return sealWithSystem(key, keyStore);
  }
}

/**
 * Puts it in the place of the key file there is, whole and durable, and then removes what still keeps the key
 * as before. A power cut leaves one of the two, and both open the database.
 * @throws KeyFileProblem
 */
export function keepWrapped(folder: string, file: KeyFile, key: Uint8Array): void {
  // Somebody moved it away: what is wrong is said at the next start, not covered up.
  if (readKeyFile(folder) === null) throw unkept(say('key.gone'));
  putKeyFile(folder, file);
  deleteEarlierKeyFiles(folder, (text) => isPlainKey(text, key));
}
