import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { parsePolicy, underPolicy } from '../../../domain/organisation-policy.ts';
import { defaultSettings } from '../../../domain/settings.ts';
import { settingsChangeSchema } from '../../../domain/settings-schema.ts';
import { readFlags, withoutAdded } from '../../../electron/program/command-line.ts';
import { policyOfRegistry } from '../../../electron/shell/policy-registry.ts';
import { openPreferences, ownSettings, readPreferences } from '../../../electron/shell/preferences.ts';
import { runs } from '../size.ts';
import { createWatch, expectNothingInherited, malformed } from './hostile.ts';

/** Command lines, settings and policies that somebody has edited. */

// Outside Electron its package is only the path of a program.
vi.mock('electron', () => ({ default: {} }));

const timeout = 24 * 3_600_000;
/** What is there whatever the settings say. */
const always = { region: null, clientId: '' };
const stored = {
  ...defaultSettings,
  ...always,
  account: { id: 'ana', name: 'Ana' },
  widgetPlaces: [
    { displayId: 1, x: 10, y: 20, layout: 'one', display: { x: 0, y: 0, width: 800, height: 600 } },
  ],
};

const folder = mkdtempSync(path.join(os.tmpdir(), 'sharelight-malformed-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('settings on the disk', () => {
  it(
    'that are malformed are set aside, and valid ones are in force instead',
    ({ task }) => {
      const watch = createWatch();
      const file = path.join(folder, 'preferences.json');
      fc.assert(
        fc.property(malformed([stored, { theme: 'dark', stopKey: 'F9' }]), (text) => {
          watch.during(() => {
            writeFileSync(file, text);
            const { kind } = readPreferences(folder);
            const preferences = openPreferences(folder, new Date(0));
            expect(preferences.problem()).toBeNull();
            if (kind === 'read') expect(preferences.setAside).toBeNull();
            expect(settingsChangeSchema.safeParse(ownSettings(preferences.get())).success).toBe(true);
          });
          expectNothingInherited();
          for (const name of readdirSync(folder)) rmSync(path.join(folder, name));
        }),
        runs('MALFORMED', 300),
      );
      task.meta.blockedMs = watch.longestMs();
    },
    timeout,
  );
});

describe('an organisation’s policy', () => {
  const policies = [
    { locked: { ...defaultSettings, region: 'eu_central_1', clientId: '1234', keyKeeping: 'system' } },
  ];
  const registry =
    '    keepDays    REG_DWORD    0x5a\r\n    notifications    REG_DWORD    0x1\r\n    theme    REG_SZ    dark';
  const anyRegistry = fc
    .array(
      fc.tuple(fc.constantFrom('keepDays', 'theme', '__proto__', '', 'stopKey'), malformed([[5, 15], null])),
    )
    .map((values) =>
      [registry, ...values.map(([name, text]) => `    ${name}    REG_SZ    ${text}`)].join('\r\n'),
    );

  it(
    'that is malformed is unreadable, and the safest settings apply',
    ({ task }) => {
      const watch = createWatch();
      const anyPolicy = fc.oneof(
        malformed(policies).map((text) => () => parsePolicy('policy.json', text)),
        anyRegistry.map((text) => () => policyOfRegistry('key', text)),
      );
      fc.assert(
        fc.property(anyPolicy, (read) => {
          watch.during(() => {
            const policy = read();
            const { values, locked } = underPolicy(defaultSettings, policy);
            expect(settingsChangeSchema.safeParse(values).success).toBe(true);
            if (policy.kind === 'unreadable') {
              expect(policy.reason.length).toBeLessThan(1_000);
              expect(values).toEqual(defaultSettings);
              expect(locked).toContain('keepDays');
            }
          });
          expectNothingInherited();
        }),
        runs('MALFORMED', 2_000),
      );
      task.meta.blockedMs = watch.longestMs();
    },
    timeout,
  );
});

describe('a command line', () => {
  const flags = [
    'user-data-dir',
    'feed',
    'api',
    'login',
    'token-file',
    'key',
    'hidden',
    'export',
    'since',
    'until',
  ];
  const anyFlag = fc.oneof(
    fc.constantFrom(
      ...flags,
      'redact',
      'verify',
      'diagnostics',
      'no-sandbox',
      '__proto__',
      'constructor',
      '',
    ),
    fc.string({ unit: 'binary', maxLength: 8 }),
  );
  const plain = [
    'simulator',
    'genesys',
    'json',
    'file',
    '7d',
    'today',
    '2026-02-30',
    '-',
    'https://api.example.com',
  ];
  const odd = [
    'http://a:b@c',
    'https://[::1',
    'https://xn--',
    'javascript:1',
    '\0',
    '\u202e',
    '\n',
    '9'.repeat(400),
    '--',
  ];
  const anyValue = fc.oneof(
    fc.constantFrom(...plain, ...odd),
    fc.string({ unit: 'binary' }),
    malformed([plain]),
  );
  const anyArgument = fc.oneof(
    fc.tuple(anyFlag, anyValue).map(([flag, value]) => [`--${flag}=${value}`]),
    fc.tuple(anyFlag, anyValue).map(([flag, value]) => [`--${flag}`, value]),
    anyFlag.map((flag) => [`--${flag}`]),
    anyValue.map((value) => [value]),
  );

  it(
    'is read, or refused in one line',
    ({ task }) => {
      const watch = createWatch();
      const now = Date.UTC(2026, 10, 23);
      fc.assert(
        fc.property(fc.array(anyArgument, { maxLength: 5 }), (args) => {
          watch.during(() => {
            const read = readFlags(withoutAdded(args.flat(), 'darwin'), now);
            if (!read.ok) expect(read.reason).toMatch(/^[^\p{Cc}\u202a-\u202e\u2028\u2029]+$/u);
          });
          expectNothingInherited();
        }),
        runs('MALFORMED', 4_000),
      );
      task.meta.blockedMs = watch.longestMs();
    },
    timeout,
  );
});
