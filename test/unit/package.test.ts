import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { packageConfig } from '../../build/electron-builder.ts';
import { runtimeToPack, type Sources } from '../../build/runtime/to-pack.mjs';

const runtime = (version: string) => ({ executable: '/e/electron', dist: '/e', version });

/** What may be asked for in each of these worlds; nothing is downloaded. */
const sources = (found: Partial<Sources>): Sources => ({
  wanted: '45.4.1',
  overridden: () => undefined,
  official: () => Promise.resolve(undefined),
  standIn: () => Promise.resolve(runtime('33.2.1')),
  ...found,
});

describe('the runtime that is packed', () => {
  it('is the official one, also where the stand-in was allowed', async () => {
    const there = sources({ official: () => Promise.resolve(runtime('45.4.1')) });
    for (const standInAsked of [false, true])
      expect(await runtimeToPack({ standInAsked }, there)).toEqual({
        runtime: runtime('45.4.1'),
        standIn: false,
      });
  });

  it('is no other one without a word: packing fails and says how to ask for it', async () => {
    await expect(runtimeToPack({ standInAsked: false }, sources({}))).rejects.toThrow(
      /45\.4\.1 .*--stand-in/,
    );
    const other = sources({ overridden: () => runtime('41.0.0') });
    await expect(runtimeToPack({ standInAsked: false }, other)).rejects.toThrow(/41\.0\.0.*--stand-in/);
  });

  it('is the stand-in where that was asked for, and then known as one', async () => {
    const packed = await runtimeToPack({ standInAsked: true }, sources({}));
    expect(packed).toEqual({ runtime: runtime('33.2.1'), standIn: true });
    const other = sources({ overridden: () => runtime('41.0.0') });
    expect(await runtimeToPack({ standInAsked: true }, other)).toMatchObject({ standIn: true });
  });

  it('is tried again, unless the stand-in will do', async () => {
    const asked: boolean[] = [];
    const official = ({ again }: { again: boolean }) => {
      asked.push(again);
      return Promise.resolve(undefined);
    };
    await runtimeToPack({ standInAsked: true }, sources({ official }));
    await runtimeToPack({ standInAsked: false }, sources({ official })).catch(() => undefined);
    expect(asked).toEqual([false, true]);
  });
});

it('a build for tests cannot be taken for the one that ships', () => {
  const [shipped, test] = (['shipped', 'test'] as const).map((kind) =>
    packageConfig({ runtime: runtime('45.4.1'), kind, updates: null }),
  );
  expect(test?.productName).toContain('Test');
  for (const key of ['appId', 'productName', 'executableName'] as const)
    expect(test?.[key]).not.toBe(shipped?.[key]);
  expect(test?.directories?.output).not.toBe(shipped?.directories?.output);
});

it('the desktop knows the program by the name it gives itself, and a build for tests by another', async () => {
  const { desktopName, name } = JSON.parse(await readFile('package.json', 'utf8')) as Record<string, string>;
  expect(desktopName).toBe(`${name ?? ''}.desktop`);
  const [shipped, test] = (['shipped', 'test'] as const).map((kind) =>
    packageConfig({ runtime: runtime('45.4.1'), kind, updates: null }),
  );
  expect(shipped?.linux?.syncDesktopName).toBe(true);
  expect(shipped?.extraMetadata).toBeUndefined();
  expect(test?.extraMetadata).toEqual({ desktopName: `${test?.executableName ?? ''}.desktop` });
  // GTK 3 everywhere, GTK 4 on GNOME where it is there.
  expect(shipped?.deb?.depends).toContain('libgtk-3-0');
  expect(shipped?.deb?.recommends).toContain('libgtk-4-1');
});
