import { createCipheriv, createDecipheriv, randomBytes, scrypt, type ScryptOptions } from 'node:crypto';
import type { PassphraseKeyFile, PassphraseSeal } from './key-file.ts';

/**
 * A key sealed by words: scrypt (RFC 7914) makes guessing expensive, AES-256-GCM recognises the right words.
 * The parameters are those OWASP's password storage guide names for scrypt: 128 MiB and about half a second.
 */
const strength = { N: 2 ** 17, r: 8, p: 1 } as const;

function derive(
  passphrase: string,
  salt: Uint8Array,
  { N, r, p }: PassphraseSeal['params'],
): Promise<Buffer> {
  const options: ScryptOptions = { N, r, p, maxmem: 256 * N * r };
  // The same words typed on another keyboard may be composed differently.
  const words = passphrase.normalize('NFKC');
  return new Promise((resolve, reject) => {
    scrypt(words, salt, 32, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

export async function sealWithPassphrase(key: Uint8Array, passphrase: string): Promise<PassphraseKeyFile> {
  const salt = randomBytes(16);
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', await derive(passphrase, salt, strength), nonce);
  const sealed = Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
  return {
    version: 1,
    kind: 'passphrase',
    salt: salt.toString('base64'),
    params: strength,
    sealed: sealed.toString('base64'),
  };
}

/** Null when the passphrase is not the one. */
export async function openWithPassphrase(
  seal: PassphraseSeal,
  passphrase: string,
): Promise<Uint8Array | null> {
  const wrapping = await derive(passphrase, seal.salt, seal.params);
  const decipher = createDecipheriv('aes-256-gcm', wrapping, seal.sealed.subarray(0, 12));
  decipher.setAuthTag(seal.sealed.subarray(-16));
  const head = decipher.update(seal.sealed.subarray(12, -16));
  try {
    return new Uint8Array(Buffer.concat([head, decipher.final()]));
  } catch {
    return null;
  }
}
