import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { say } from '../../domain/words/say.ts';

/** Reads the passphrase from the terminal without showing it, or the first line of what is piped in. */
export async function askPassphrase(): Promise<string> {
  const terminal = process.stdin.isTTY;
  const silent = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  const lines = createInterface({ input: process.stdin, output: silent, terminal });
  if (terminal) process.stderr.write(`${say('key.passphraseNeeded')} `);
  try {
    return await lines.question('');
  } finally {
    lines.close();
    if (terminal) process.stderr.write('\n');
  }
}
