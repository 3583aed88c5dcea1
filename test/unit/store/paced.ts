import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { openDatabase } from '../../../electron/store/client.ts';
import { communication, submission, draft, factOf, testKey } from './values.ts';

/**
 * A program that writes a day step by step, each only when it is told to: `paced.cjs <worker> <folder>`. Says
 * what is acknowledged, so that a test can look at the files between two acknowledgements.
 */
const [, , workerFile = '', folder = ''] = process.argv;

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

async function acknowledged(line: Readonly<Record<string, number>>): Promise<void> {
  writeSync(1, `${JSON.stringify(line)}\n`);
  const { done } = await lines.next();
  if (done === true) process.exit(0);
}

async function write(): Promise<void> {
  const database = await openDatabase({ folder, key: testKey(), workerFile });
  await acknowledged({ opened: 0 });
  for (let number = 1; ; number += 1) {
    const changed = communication({ communicationId: `c${number}`, peerName: `fact ${number}` });
    await database.commit(factOf(changed), [changed]);
    await acknowledged({ fact: number });
    await database.saveDraft(draft({ revision: number, notes: `note ${number}` }));
    await acknowledged({ draft: number });
    await database.decide(submission({ id: `submission ${number}`, key: `a/b/${number}` }));
    await acknowledged({ submission: number });
  }
}

void write();
