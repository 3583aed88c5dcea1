import { describe, expect, it } from 'vitest';
import {
  defaultCodesUnder,
  shareGateUnder,
  keyKeepingUnder,
  parsePolicy,
  snippetsUnder,
  underPolicy,
  updatesUrlUnder,
} from '../../../domain/organisation-policy.ts';
import { defaultSettings, settingKeys, type Settings } from '../../../domain/settings.ts';
import {
  policyFiles,
  readPolicy,
  systemFolderOf,
  type PolicySystem,
} from '../../../electron/shell/policy.ts';
import { policyOfRegistry } from '../../../electron/shell/policy-registry.ts';

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

  it('may lock every setting there is, but what stands beside a person’s own', () => {
    const policy = parsePolicy('p', JSON.stringify({ locked: own }));
    expect(underPolicy(defaultSettings, policy)).toEqual({
      values: own,
      locked: settingKeys.filter((key) => key !== 'snippets'),
    });
  });

  it('may bring snippets, beside which each person has their own', () => {
    const snippets = [{ name: 'inv', text: 'Explained to {customer}' }];
    const policy = parsePolicy('p', JSON.stringify({ locked: { snippets } }));
    expect(snippetsUnder(policy)).toEqual(snippets);
    const mine: Settings = { ...own, snippets: [{ name: 'a', text: 'b' }] };
    expect(underPolicy(mine, policy)).toEqual({ values: mine, locked: [] });
    expect(
      parsePolicy('p', '{ "locked": { "snippets": [{ "name": "no spaces", "text": "x" }] } }').kind,
    ).toBe('unreadable');
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
    ['a code that is none', '{ "locked": { "defaultCodes": { "Billing": 7 } } }', /locked\.defaultCodes/],
    ['a region nobody has', '{ "locked": { "region": "moon" } }', /locked\.region/],
  ];
  it.each(unreadable)('that holds %s is unreadable and says where', (_what, text, says) => {
    const policy = parsePolicy('/etc/p.json', text);
    expect(policy).toMatchObject({ kind: 'unreadable', file: '/etc/p.json' });
    expect(policy).toHaveProperty('reason', expect.stringMatching(says));
  });

  it('names the codes of queues, in a file and in the registry; without one there are none', () => {
    const defaultCodes = { 'Billing help': 'No action' };
    const inFile = parsePolicy('/etc/p.json', JSON.stringify({ locked: { defaultCodes } }));
    const printed = `    defaultCodes    REG_SZ    ${JSON.stringify(defaultCodes)}\r\n`;
    expect(inFile).toMatchObject({ kind: 'read', locked: {}, defaultCodes });
    expect([inFile, policyOfRegistry('HKLM', printed)].map(defaultCodesUnder)).toEqual([
      defaultCodes,
      defaultCodes,
    ]);
    expect(defaultCodesUnder({ kind: 'none' })).toEqual({});
    const gated = policyOfRegistry('HKLM', '    shareGate    REG_DWORD    0x1\r\n');
    expect(shareGateUnder(gated)).toBe(true);
    expect(gated).toMatchObject({ kind: 'read', locked: {} });
    expect(shareGateUnder({ kind: 'none' })).toBe(false);
  });

  it('says where updates lie, and turns them off; one that cannot be read lets nobody look for them', () => {
    const built = 'https://built.example.com/';
    const printed =
      '    updates.url    REG_SZ    https://own.example.com/desk\r\n    updates.enabled    REG_DWORD    0x0\r\n';
    const policy = policyOfRegistry('HKLM', printed);
    expect(updatesUrlUnder(policy, built)).toBe('https://own.example.com/desk/');
    expect(underPolicy(own, policy)).toMatchObject({
      values: { 'updates.enabled': false },
      locked: ['updates.enabled'],
    });
    expect(updatesUrlUnder(parsePolicy('p', '{ "locked": { "updates.url": "" } }'), built)).toBe('');
    expect(updatesUrlUnder(parsePolicy('p', '{ "locked": {} }'), built)).toBe(built);
    expect(updatesUrlUnder({ kind: 'none' }, null)).toBe('');
    const wrong = parsePolicy('p', '{ "locked": { "updates.url": "http://own.example.com" } }');
    expect(wrong).toMatchObject({
      kind: 'unreadable',
      reason: expect.stringContaining('updates.url') as string,
    });
    expect(updatesUrlUnder(wrong, built)).toBe('');
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
    expect(settingKeys.filter((key) => !locked.includes(key))).toEqual([
      'theme',
      'textSize',
      'language',
      'alertVolume',
      'alertRepeats',
      'shortcuts',
      'snippets',
    ]);
  });
});

/** Files of a machine, by path; a folder is one without text. */
interface Entry {
  readonly uid?: number;
  readonly mode?: number;
  readonly link?: string;
  readonly text?: string;
}

function missing(path: string): never {
  throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
}

function machine(entries: Record<string, Entry>, over: Partial<PolicySystem> = {}): PolicySystem {
  const all: Record<string, Entry> = { '/': {}, '/etc': {}, '/etc/sharelight': {}, ...entries };
  const at = (path: string): Entry => all[path] ?? missing(path);
  return {
    platform: 'linux',
    lstat: (path) => {
      const { uid = 0, mode = 0o755, link } = at(path);
      return { uid, mode, isLink: link !== undefined };
    },
    readLink: (path) => at(path).link ?? missing(path),
    readText: (path) => at(path).text ?? missing(path),
    exists: (path) => path in all,
    systemFolder: () => missing('System32'),
    run: () => missing('reg.exe'),
    ...over,
  };
}

const file = '/etc/sharelight/policy.json';
const text = '{ "locked": { "keepDays": 1 } }';
const unix = (entries: Record<string, Entry>, platform: NodeJS.Platform = 'linux') =>
  readPolicy(machine(entries, { platform })).policy;

describe('a policy in a file', () => {
  it('is the system’s, which no environment names', () => {
    expect(policyFiles('linux')).toEqual([file, '/etc/xdg/sharelight/policy.json']);
    expect(policyFiles('darwin')).toEqual(['/Library/Application Support/Sharelight/policy.json']);
    expect(policyFiles('win32')).toEqual([]);
    expect(unix({})).toEqual({ kind: 'none' });
    expect(unix({ [file]: { text } })).toEqual({ kind: 'read', file, locked: { keepDays: 1 } });
    const second = '/etc/xdg/sharelight/policy.json';
    const folders = { '/etc/xdg': {}, '/etc/xdg/sharelight': {} };
    expect(unix({ ...folders, [second]: { text } })).toMatchObject({ kind: 'read', file: second });
    const [mac = ''] = policyFiles('darwin');
    const library = {
      '/Library': {},
      '/Library/Application Support': {},
      '/Library/Application Support/Sharelight': {},
    };
    expect(unix({ ...library, [mac]: { text } }, 'darwin')).toMatchObject({ kind: 'read', file: mac });
  });

  it.each<[what: string, entries: Record<string, Entry>, place: string]>([
    ['belongs to somebody else', { [file]: { text, uid: 1000 } }, file],
    ['others may write', { [file]: { text, mode: 0o100666 } }, file],
    ['a group may write', { [file]: { text, mode: 0o100664 } }, file],
    ['lies in somebody’s folder', { '/etc/sharelight': { uid: 1000 }, [file]: { text } }, '/etc/sharelight'],
    [
      'lies in a folder all may write to',
      { '/etc/sharelight': { mode: 0o41777 }, [file]: { text } },
      '/etc/sharelight',
    ],
    ['lies below one a group may write to', { '/etc': { mode: 0o40775 }, [file]: { text } }, '/etc'],
    [
      'is a link of somebody’s',
      { [file]: { link: '/opt/policy.json', uid: 1000 }, '/opt': {}, '/opt/policy.json': { text } },
      file,
    ],
    [
      'is a link to where all may write',
      { [file]: { link: '/tmp/policy.json' }, '/tmp': { mode: 0o41777 }, '/tmp/policy.json': { text } },
      '/tmp',
    ],
    [
      'lies behind a folder that is a link to somebody’s',
      {
        '/etc/sharelight': { link: '../srv/ana' },
        '/srv': {},
        '/srv/ana': { uid: 1000 },
        '/srv/ana/policy.json': { text },
      },
      '/srv/ana',
    ],
    ['is a link in a circle', { [file]: { link: file } }, file],
  ])('that %s is not believed, and not passed over', (_what, entries, place) => {
    const policy = unix({
      '/etc/xdg': {},
      '/etc/xdg/sharelight': {},
      '/etc/xdg/sharelight/policy.json': { text: '{"locked":{}}' },
      ...entries,
    });
    expect(policy).toMatchObject({
      kind: 'unreadable',
      file,
      reason: expect.stringContaining(place) as string,
    });
    expect(underPolicy(defaultSettings, policy).values.keepDays).toBeNull();
  });

  it('may be a link to where only root may write', () => {
    const entries = {
      [file]: { link: '/opt/policy.json', mode: 0o120777 },
      '/opt': {},
      '/opt/policy.json': { text },
    };
    expect(unix(entries)).toMatchObject({ kind: 'read', locked: { keepDays: 1 } });
  });

  it('that cannot be read is not treated as none', () => {
    const readText = (): string => {
      throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
    };
    expect(readPolicy(machine({ [file]: { text } }, { readText })).policy).toMatchObject({
      kind: 'unreadable',
      file,
    });
  });
});

describe('a policy in the registry of Windows', () => {
  it.each([
    ['nested without end', 'stillSharingMinutes', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['named as an object’s kind', '__proto__', '{"keepDays":1}'],
  ])('with a value that is %s is unreadable', (_what, name, text) => {
    expect(policyOfRegistry('HKLM', `    ${name}    REG_SZ    ${text}\r\n`)).toMatchObject({
      kind: 'unreadable',
    });
  });

  const key = 'HKLM\\Software\\Policies\\Sharelight';
  const head = '\r\nHKEY_LOCAL_MACHINE\\Software\\Policies\\Sharelight\r\n';
  const asked: (readonly string[])[] = [];
  /** @param printed what the key holds; null: it is not there; false: it may not be read */
  const windows = (printed: string | null | false, entries: Record<string, Entry> = {}) => {
    asked.length = 0;
    return readPolicy(
      machine(entries, {
        platform: 'win32',
        systemFolder: () => 'D:\\Windows\\System32',
        run: (program, args) => {
          asked.push([program, ...args]);
          if (args[1] === key)
            return typeof printed === 'string' ? { status: 0, stdout: printed } : { status: 1, stdout: '' };
          const own = printed === null ? '' : 'HKEY_LOCAL_MACHINE\\Software\\Policies\\Sharelight\r\n';
          return { status: 0, stdout: `\r\nHKEY_LOCAL_MACHINE\\Software\\Policies\\Microsoft\r\n${own}` };
        },
      }),
    );
  };

  it('has one value for each setting', () => {
    const printed = [
      head.trimEnd(),
      '    (Default)    REG_SZ    nothing of ours',
      '    keepDays    REG_DWORD    0x5a',
      '    notifications    REG_DWORD    0x1',
      '    region    REG_SZ    eu_central_1',
      '    clientId    REG_SZ    1234',
      '    stopKey    REG_SZ    null',
      '    stillSharingMinutes    REG_SZ    [5, 15]',
      '    keyKeeping    REG_SZ    passphrase',
      '',
    ].join('\r\n');
    expect(windows(printed)).toEqual({
      policy: {
        kind: 'read',
        file: key,
        locked: {
          keepDays: 90,
          notifications: true,
          region: 'eu_central_1',
          clientId: '1234',
          stopKey: null,
          stillSharingMinutes: [5, 15],
        },
        keyKeeping: 'passphrase',
      },
      untrusted: null,
    });
    expect(asked).toEqual([['D:\\Windows\\System32\\reg.exe', 'query', key, '/reg:64']]);
  });

  it('that says what no setting can be is unreadable', () => {
    expect(windows(`${head}    keepDays    REG_DWORD    0x0\r\n`).policy).toMatchObject({
      kind: 'unreadable',
      file: key,
    });
    expect(windows(`${head}    keepDay    REG_DWORD    0x1\r\n`).policy).toMatchObject({
      kind: 'unreadable',
    });
  });

  it('is none where there is no key, whatever any user has put elsewhere', () => {
    expect(windows(null)).toEqual({ policy: { kind: 'none' }, untrusted: null });
    const place = 'C:\\ProgramData\\Sharelight\\policy.json';
    expect(windows(null, { [place]: { text } })).toEqual({ policy: { kind: 'none' }, untrusted: place });
  });

  it('that may not be read is not treated as none', () => {
    expect(windows(false).policy).toMatchObject({ kind: 'unreadable', file: key });
    const broken = machine(
      {},
      { platform: 'win32', systemFolder: () => 'C:\\W', run: () => ({ status: null, stdout: '' }) },
    );
    expect(readPolicy(broken).policy).toMatchObject({ kind: 'unreadable' });
  });

  it('is asked for with the system’s own program, found without the environment', () => {
    const sharedObjects = ['C:\\Users\\a\\AppData\\ntdll.exe', 'D:\\WinNT\\SYSTEM32\\ntdll.dll', 'D:\\x.dll'];
    expect(systemFolderOf({ sharedObjects })).toBe('D:\\WinNT\\SYSTEM32');
    expect(systemFolderOf({})).toBe('C:\\Windows\\System32');
  });
});
