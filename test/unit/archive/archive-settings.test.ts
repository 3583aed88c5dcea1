import { expect, it } from 'vitest';
import { archiveOrigin, hostOf, isOnThisComputer } from '../../../domain/archive/archive-settings.ts';
import type { KnownArchive } from '../../../domain/present/known-state.ts';
import { presentArchive } from '../../../domain/present/archive.ts';
import { parsePolicy } from '../../../domain/organisation-policy.ts';
import { readFlags } from '../../../electron/program/command-line.ts';
import { meteredIn } from '../../../electron/shell/metered-line.ts';

it.each([
  ['https://archive.example.com', 'https://archive.example.com'],
  [' HTTPS://Archive.Example.com:443/ ', 'https://archive.example.com'],
  ['https://archive.example.com:8443', 'https://archive.example.com:8443'],
  ['http://127.0.0.1:4000/', 'http://127.0.0.1:4000'],
  ['http://localhost', 'http://localhost'],
  ['http://[::1]:4000', 'http://[::1]:4000'],
])('%s is an address of an archive', (text, origin) => {
  expect(archiveOrigin(text)).toBe(origin);
});

it.each([
  '',
  'archive.example.com',
  'http://archive.example.com',
  'http://127.0.0.1.example.com',
  'https://user:secret@archive.example.com',
  'https://archive.example.com/path',
  'https://archive.example.com?query',
  'https://archive.example.com:99999',
  'file:///etc/passwd',
])('%s is none', (text) => {
  expect(archiveOrigin(text)).toBeNull();
});

it('knows this computer by its address', () => {
  expect(isOnThisComputer('http://127.0.0.1:4000')).toBe(true);
  expect(isOnThisComputer('https://archive.example.com')).toBe(false);
  expect(hostOf('https://archive.example.com:8443')).toBe('archive.example.com:8443');
});

it('is set by a policy, which may also say what agents are told', () => {
  const locked = {
    'archive.url': 'https://archive.example.com/',
    'archive.mask': 'notes',
    'archive.words': 'Kept for a year.',
  };
  expect(parsePolicy('policy.json', JSON.stringify({ locked }))).toMatchObject({
    kind: 'read',
    locked: { 'archive.url': 'https://archive.example.com', 'archive.mask': 'notes' },
    archiveWords: 'Kept for a year.',
  });
  const wrong = { locked: { 'archive.url': 'http://archive.example.com' } };
  expect(parsePolicy('policy.json', JSON.stringify(wrong))).toMatchObject({
    kind: 'unreadable',
    reason: expect.stringMatching(/archive\.url: .*https/) as string,
  });
});

it('is given on the command line', () => {
  expect(readFlags(['--archive', 'http://127.0.0.1:4000'], 0)).toMatchObject({
    ok: true,
    value: { archive: 'http://127.0.0.1:4000' },
  });
  expect(readFlags(['--archive', 'http://archive.example.com'], 0)).toMatchObject({ ok: false });
});

const known: KnownArchive = {
  host: 'archive.example.com',
  counts: { archived: 217, waiting: 3, refused: 0, conflicts: 0 },
  wait: null,
  problem: '',
  missing: 0,
  clockOffsetMs: 0,
  supervisor: false,
};

it('says in one line how it stands', () => {
  expect(presentArchive(null)).toBeNull();
  expect(presentArchive(known)?.words).toBe('217 records in the archive, 3 waiting');
  const counts = { archived: 1, waiting: 0, refused: 2, conflicts: 1 };
  expect(presentArchive({ ...known, counts })?.words).toBe(
    '1 record in the archive, 2 refused, 1 differs there',
  );
});

it('says why records wait only where some do', () => {
  expect(presentArchive({ ...known, wait: 'sharing' })?.wait).toMatch(/call or share/);
  const counts = { archived: 1, waiting: 0, refused: 0, conflicts: 0 };
  expect(presentArchive({ ...known, counts, wait: 'sharing' })?.wait).toBe('');
});

it('says what did not arrive, and that the clock is wrong', () => {
  expect(presentArchive({ ...known, missing: 2 })?.remarks[0]).toMatch(/^2 records .* weren’t received/);
  expect(presentArchive({ ...known, clockOffsetMs: 72 * 3_600_000 })?.remarks[0]).toMatch(
    /about 72 hours ahead of/,
  );
  expect(presentArchive({ ...known, clockOffsetMs: -20 * 60_000 })?.remarks[0]).toMatch(
    /20 minutes behind the/,
  );
  expect(presentArchive({ ...known, clockOffsetMs: 60_000 })?.remarks).toEqual([]);
});

it('a metered line is what NetworkManager says it is', () => {
  expect(['(<uint32 1>,)', '(<uint32 3>,)'].map(meteredIn)).toEqual([true, true]);
  expect(['(<uint32 0>,)', '(<uint32 2>,)', '(<uint32 4>,)', '', null].map(meteredIn)).not.toContain(true);
});
