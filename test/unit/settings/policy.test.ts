import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyKeepingUnder, parsePolicy, underPolicy } from '../../../domain/organisation-policy.ts';
import { defaultSettings, settingKeys, type Settings } from '../../../domain/settings.ts';
import { policyFiles, readPolicy } from '../../../electron/shell/policy.ts';

const own: Settings = {
  ...defaultSettings,
  theme: 'contrast',
  alertVolume: 15,
  notifications: false,
  stillSharingMinutes: [],
  alertSound: 'none',
  stopKey: null,
  region: 'eu_central_1',
  clientId: 'abc',
};

describe('a policy', () => {
  it('locks what it names to its value, and nothing else', () => {
    const policy = parsePolicy('p', '{ "locked": { "notifications": true, "stopKey": null } }');
    const { values, locked } = underPolicy(own, policy);
    expect(locked).toEqual(['notifications', 'stopKey']);
    expect(values).toEqual({ ...own, notifications: true, stopKey: null });
  });

  it('may lock every setting there is', () => {
    const policy = parsePolicy('p', JSON.stringify({ locked: own }));
    expect(underPolicy(defaultSettings, policy)).toEqual({ values: own, locked: settingKeys });
  });

  it('may set how the key of the records is kept, which is nobody’s setting', () => {
    const policy = parsePolicy('p', '{ "locked": { "keyKeeping": "passphrase" } }');
    expect(keyKeepingUnder(policy)).toBe('passphrase');
    expect(underPolicy(own, policy)).toEqual({ values: own, locked: [] });
    expect(keyKeepingUnder(parsePolicy('p', '{ "locked": {} }'))).toBeNull();
    expect(keyKeepingUnder({ kind: 'none' })).toBeNull();
  });

  it('leaves all as it is where there is none', () => {
    expect(underPolicy(own, { kind: 'none' })).toEqual({ values: own, locked: [] });
  });

  it('is read in spite of the mark Windows editors begin a file with', () => {
    expect(parsePolicy('p', '\uFEFF{ "locked": {} }')).toEqual({ kind: 'read', file: 'p', locked: {} });
  });

  const unreadable: [what: string, text: string, says: RegExp][] = [
    ['no JSON', '{ locked: }', /JSON/],
    ['nothing at all', '', /JSON/],
    ['a list', '[]', /object/],
    ['no locks', '{}', /locked/],
    ['a misspelt setting', '{ "locked": { "notification": true } }', /locked.*notification/],
    ['a key beside the locks', '{ "locked": {}, "lock": {} }', /"lock"/],
    ['a wrong value', '{ "locked": { "alertVolume": 101 } }', /locked\.alertVolume/],
    ['a shortcut that would take Copy away', '{ "locked": { "stopKey": "CommandOrControl+C" } }', /stopKey/],
    [
      'no region, so that nobody could sign in',
      '{ "locked": { "region": null } }',
      /locked\.region.*such as/,
    ],
    ['no client id', '{ "locked": { "clientId": "" } }', /locked\.clientId.*OAuth client/],
    ['a client id that is none', '{ "locked": { "clientId": "a b" } }', /locked\.clientId.*OAuth client/],
    ['a way to keep keys that is none', '{ "locked": { "keyKeeping": "drawer" } }', /locked\.keyKeeping/],
    ['a region nobody has', '{ "locked": { "region": "moon" } }', /locked\.region/],
  ];
  it.each(unreadable)('that holds %s is unreadable and says where', (_what, text, says) => {
    const policy = parsePolicy('/etc/p.json', text);
    expect(policy).toMatchObject({ kind: 'unreadable', file: '/etc/p.json' });
    expect(policy).toHaveProperty('reason', expect.stringMatching(says));
  });

  it('that cannot be read puts the safest in force, and leaves a person only their eyes and ears', () => {
    const { values, locked } = underPolicy(own, { kind: 'unreadable', file: 'p', reason: 'r' });
    expect(values).toEqual({
      ...defaultSettings,
      theme: 'contrast',
      alertVolume: 15,
      region: 'eu_central_1',
      clientId: 'abc',
    });
    expect(settingKeys.filter((key) => !locked.includes(key))).toEqual(['theme', 'language', 'alertVolume', 'alertRepeats']);
  });
});

describe('where policies are', () => {
  it('is the system’s place, which nobody’s environment hides', () => {
    expect(policyFiles('linux', {})).toEqual(['/etc/sharelight/policy.json']);
    expect(policyFiles('linux', { XDG_CONFIG_DIRS: '/a:relative::/b' })).toEqual([
      '/etc/sharelight/policy.json',
      '/a/sharelight/policy.json',
      '/b/sharelight/policy.json',
    ]);
    expect(policyFiles('darwin', {})).toEqual(['/Library/Application Support/Sharelight/policy.json']);
    const usual = 'C:\\ProgramData\\Sharelight\\policy.json';
    expect(policyFiles('win32', {})).toEqual([usual]);
    expect(policyFiles('win32', { ProgramData: 'C:\\ProgramData' })).toEqual([usual]);
    expect(policyFiles('win32', { ProgramData: 'D:\\Data' })).toEqual([
      usual,
      'D:\\Data\\Sharelight\\policy.json',
    ]);
  });
});

describe('reading', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'sharelight-policy-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const at = (name: string): string => path.join(folder, name);

  it('takes the first there is', () => {
    writeFileSync(at('second'), '{ "locked": { "theme": "dark" } }');
    writeFileSync(at('third'), '{ "locked": { "theme": "light" } }');
    expect(readPolicy([at('first'), at('second'), at('third')])).toEqual({
      kind: 'read',
      file: at('second'),
      locked: { theme: 'dark' },
    });
  });

  it('finds none in places that are not there', () => {
    writeFileSync(at('file'), '');
    expect(readPolicy([at('missing'), path.join(at('file'), 'policy.json')])).toEqual({ kind: 'none' });
  });

  it('never passes over one it cannot read', () => {
    mkdirSync(at('first'));
    writeFileSync(at('second'), '{ "locked": {} }');
    chmodSync(at('second'), 0o600);
    expect(readPolicy([at('first'), at('second')])).toMatchObject({ kind: 'unreadable', file: at('first') });
  });
});
