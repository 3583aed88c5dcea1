import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, readSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { say } from '../../domain/words/say.ts';
import { syncFolder, writeWhole } from './files.ts';

/**
 * A keyed digest of the whole closed file: checksums of rows show neither damage where no row is, nor an older file in
 * its place. It is removed before the first write and made again at a clean close.
 */
const signatureSchema = z.strictObject({
  version: z.literal(1),
  size: z.int().min(0),
  mac: z.hex().length(64),
});

type Signature = z.infer<typeof signatureSchema>;

const textOf = ({ version, size, mac }: Signature): string => `${JSON.stringify({ version, size, mac })}\n`;

const signatureFile = (file: string): string => path.join(path.dirname(file), 'memory.seal');

function keyed(keyHex: string): ReturnType<typeof createHmac> {
  // A key of its own, so that a digest beside the file says nothing about the key of the cipher.
  const key = hkdfSync('sha256', Buffer.from(keyHex, 'hex'), '', 'sharelight seal of the closed file', 32);
  return createHmac('sha256', new Uint8Array(key));
}

function macOf(file: string, keyHex: string): Buffer {
  const mac = keyed(keyHex);
  const chunk = Buffer.allocUnsafe(1 << 20);
  const descriptor = openSync(file, 'r');
  try {
    for (;;) {
      const read = readSync(descriptor, chunk);
      if (read === 0) return mac.digest();
      mac.update(chunk.subarray(0, read));
    }
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Only for a file no connection of this process has open (see `createPrivate`), its log moved into it.
 * False for a file whose log still holds something: that is left unsealed.
 */
export function signFile(file: string, keyHex: string): boolean {
  const log = `${file}-wal`;
  if (existsSync(log) && statSync(log).size > 0) return false;
  const size = statSync(file).size;
  writeWhole(signatureFile(file), textOf({ version: 1, size, mac: macOf(file, keyHex).toString('hex') }));
  return true;
}

/** Before anything is written: a signature must never outlive the state it is about. */
export function dropSignature(file: string): void {
  if (!existsSync(signatureFile(file))) return;
  rmSync(signatureFile(file));
  syncFolder(path.dirname(file));
}

function readSignature(file: string): string | null {
  return existsSync(signatureFile(file)) ? readFileSync(signatureFile(file), 'utf8') : null;
}

/** What the signature says is wrong with the file; null when all is well or there is none. */
export function signatureFault(file: string, keyHex: string): string | null {
  const text = readSignature(file);
  if (text === null) return null;
  let signed: Signature;
  try {
    signed = signatureSchema.parse(JSON.parse(text));
  } catch {
    return say('database.verify.sealDamaged');
  }
  // Other blanks or letters in the other case would say the same, but only damage writes them.
  if (text !== textOf(signed)) return say('database.verify.sealDamaged');
  const same =
    statSync(file).size === signed.size &&
    timingSafeEqual(Buffer.from(macOf(file, keyHex).toString('hex')), Buffer.from(signed.mac));
  // The program may have been started meanwhile; then the signature it removed is about the past.
  if (same || readSignature(file) !== text) return null;
  return say('database.verify.sealBroken');
}
