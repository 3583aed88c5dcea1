import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { runs } from '../size.ts';
import { temporaryFolder } from './examples.ts';
import { parseSaid, workbench, type Said } from './workbench.ts';

/** A disk that ends anywhere: full, or failing with an error at some byte. */

const disks = runs('DISKS', 3);
vi.setConfig({ testTimeout: Math.max(60_000, disks.numRuns * 15_000) });
const { child, opened, writer } = workbench();

const last = (said: readonly Said[], kind: 'fact' | 'draft' | 'submission'): number =>
  Math.max(0, ...said.map((line) => line[kind] ?? 0));

/** What the writer says until a write fails, because no file may grow beyond so much. It is killed then. */
async function untilRefused(folder: string, kilobytes: number): Promise<Said[]> {
  const [program, args] = writer(folder);
  // The signal that goes with it is off in Node, so that the write fails with an error.
  const limited = `ulimit -f ${kilobytes * 2}; exec "$0" "$@"`;
  const writing = spawn('sh', ['-c', limited, program, ...args]);
  const said: Said[] = [];
  for await (const line of createInterface({ input: writing.stdout })) {
    said.push(parseSaid(line));
    if (said.at(-1)?.['problem'] !== undefined) writing.kill('SIGKILL');
  }
  return said;
}

/** Where a write of that day may be the one that fails, in KiB. */
const place = fc.integer({ min: 200, max: 3_000 });

describe('a disk', () => {
  it('on which writing fails at any byte refuses that write, and keeps all that was acknowledged', async () => {
    await fc.assert(
      fc.asyncProperty(place, async (kilobytes) => {
        const folder = temporaryFolder();
        const said = await untilRefused(folder, kilobytes);
        const problem = said.findIndex((line) => line['problem'] !== undefined);
        expect(said[problem]).toMatchObject({ problem: expect.stringMatching(/^(?:io|full)$/) as string });
        expect(problem).toBe(said.length - 1);

        const database = await opened(folder);
        const { problems, facts } = await database.verify();
        expect(problems).toEqual([]);
        expect(facts).toBeGreaterThanOrEqual(last(said, 'fact'));
        const { drafts, submissions } = await database.recollect();
        expect(drafts[0]?.revision ?? 0).toBeGreaterThanOrEqual(last(said, 'draft'));
        expect(submissions.length).toBeGreaterThanOrEqual(last(said, 'submission'));
        await database.close();
      }),
      disks,
    );
  });

  it('that is full at any size refuses that write, keeps all before it, and goes on when there is room', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1_200, max: 5_400 }), async (kilobytes) => {
        const folder = temporaryFolder();
        const mount = `mount -t tmpfs -o size=${kilobytes}k,mode=700 none "${folder}"`;
        const said = await child(folder, 'fill', mount);
        const problem = said.findIndex((line) => line['problem'] !== undefined);
        expect(said[problem]).toMatchObject({ problem: 'full' });
        const before = last(said.slice(0, problem), 'fact');
        expect(said[problem + 1]?.['kept']).toBeGreaterThanOrEqual(before);
        // A log that could not be moved into the file needs more room than was made: refused once more, then.
        for (const line of said.slice(problem + 1)) expect(line['problem'] ?? 'full').toBe('full');
        expect(said.at(-2)).toMatchObject({ whole: true });
        expect(said.at(-2)?.['facts']).toBeGreaterThanOrEqual(last(said, 'fact'));
        expect(said.at(-1)).toEqual({ closed: true });
      }),
      disks,
    );
  });

  it('whose folder is closed to this account while it is in use: what is acknowledged stays, and the next opening says so', async () => {
    const folder = temporaryFolder();
    const nobody = 'setpriv --reuid 65534 --regid 65534 --clear-groups';
    const said = await child(folder, 'bar', `chown 65534:65534 "${folder}"`, nobody);
    const problem = said.findIndex((line) => line['problem'] !== undefined);
    expect(said[problem]).toMatchObject({ problem: expect.stringMatching(/^(?:io|read-only)$/) as string });
    const whole = said.find((line) => line['whole'] !== undefined);
    expect(whole).toMatchObject({ whole: true });
    expect(whole?.['facts']).toBeGreaterThanOrEqual(last(said, 'fact'));
    expect(last(said, 'fact')).toBeGreaterThanOrEqual(3);
  });
});
