import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, request, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ClientRequest } from 'electron/main';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openUpdater } from '../../../electron/shell/updater.ts';
import { UpdateFailure, type Updater } from '../../../electron/shell/updates.ts';

/** What stands for an AppImage: run by the updater to set itself up, it notes that. */
const newer = '#!/bin/sh\necho "exits: $APPIMAGE_EXIT_AFTER_INSTALL" > "$0.ran"\n';
const sha512 = (text: string): string => createHash('sha512').update(text).digest('base64');

function listOf({ version = '0.2.0', url = 'Sharelight.AppImage', sha = sha512(newer) } = {}): string {
  const file = `url: ${url}\n    sha512: ${sha}\n    size: ${newer.length}`;
  return `version: ${version}\nfiles:\n  - ${file}\npath: ${url}\nsha512: ${sha}\nreleaseDate: '2026-11-30T10:00:00.000Z'\n`;
}

type Answer = (response: ServerResponse) => void;
const text =
  (body: string, status = 200): Answer =>
  (response) => {
    response.writeHead(status, { 'Content-Length': Buffer.byteLength(body) }).end(body);
  };
const redirect =
  (to: string): Answer =>
  (response) => {
    response.writeHead(302, { Location: to, 'Content-Length': 0 }).end();
  };

let folder: string;
let server: Server;
let base: string;
let asked: { url: string; headers: IncomingHttpHeaders }[];
let answers: Record<string, Answer>;
let relaunched: string[];
let appImage: string;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'sharelight-updater-'));
  appImage = path.join(folder, 'apps', 'Sharelight.AppImage');
  mkdirSync(path.dirname(appImage));
  writeFileSync(appImage, 'the old one', { mode: 0o755 });
  vi.stubEnv('APPIMAGE', appImage);
  asked = [];
  relaunched = [];
  answers = { '/desk/latest-linux.yml': text(listOf()), '/desk/Sharelight.AppImage': text(newer) };
  server = createServer((incoming, response) => {
    const { url = '', headers } = incoming;
    asked.push({ url, headers });
    (answers[url.replace(/\?.*/, '')] ?? text('', 404))(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

function open(version = '0.1.0'): Updater {
  return openUpdater({
    address: `${base}/desk/`,
    platform: 'linux',
    version,
    folder: path.join(folder, 'update'),
    configFile: path.join(folder, 'none.yml'),
    request: (url, headers) => request(url, { headers, agent: false }) as unknown as ClientRequest,
    relaunch: (executable) => relaunched.push(executable),
    log: () => undefined,
  });
}
const signal = new AbortController().signal;
async function lookAndDownload(updater = open(), given = signal): Promise<void> {
  expect(await updater.look(given)).toBe('0.2.0');
  await updater.download(given);
}
async function problemOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof UpdateFailure ? error.problem : String(error);
}
/** Everything that lies where downloads lie. */
function downloaded(): string[] {
  const place = path.join(folder, 'update');
  if (!existsSync(place)) return [];
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
}

describe('a newer version', () => {
  it('is found, downloaded, checked, and put in the place of this one when that ends', async () => {
    const updater = open();
    await lookAndDownload(updater);
    expect(readFileSync(appImage, 'utf8')).toBe('the old one');
    expect(updater.install(false)).toBe(false);
    expect(readFileSync(appImage, 'utf8')).toBe(newer);
    // It was told to set itself up and end, and starts only where the person wanted that.
    expect(readFileSync(`${appImage}.ran`, 'utf8')).toBe('exits: true\n');
    expect(relaunched).toEqual([]);
  });

  it('is started once this one has ended, where the person wanted a restart', async () => {
    const updater = open();
    await lookAndDownload(updater);
    updater.install(true);
    expect(relaunched).toEqual([appImage]);
  });

  it('is asked for without a word about who asks', async () => {
    await lookAndDownload();
    expect(asked).toHaveLength(2);
    for (const { headers } of asked)
      expect(headers).toEqual({
        accept: '*/*',
        'accept-encoding': 'identity',
        'user-agent': 'Sharelight',
        host: new URL(base).host,
        connection: 'close',
      });
    expect(downloaded()).not.toContain('.updaterId');
  });

  it('that was downloaded before is not downloaded again, but checked again', async () => {
    await lookAndDownload();
    asked = [];
    await lookAndDownload();
    expect(asked.map(({ url }) => url.replace(/\?.*/, ''))).toEqual(['/desk/latest-linux.yml']);
    writeFileSync(path.join(folder, 'update', 'pending', 'Sharelight.AppImage'), newer.replace('sh', 'XX'));
    asked = [];
    await lookAndDownload();
    expect(asked).toHaveLength(2);
  });

  it('that is offered no more is not kept', async () => {
    const updater = open();
    await lookAndDownload(updater);
    answers['/desk/latest-linux.yml'] = text(listOf({ version: '0.1.0' }));
    expect(await updater.look(signal)).toBeNull();
    expect(downloaded()).toEqual([]);
  });
});

it('the same version, or an older one, is none', async () => {
  expect(await open('0.2.0').look(signal)).toBeNull();
  expect(await open('0.3.0').look(signal)).toBeNull();
});

describe('a bad answer changes nothing', () => {
  const list = '/desk/latest-linux.yml';
  const program = '/desk/Sharelight.AppImage';

  it.each<[string, Answer, string]>([
    ['nothing there', text('', 404), 'notFound'],
    ['the server is broken', text('oops', 500), 'unreadable'],
    [
      'the page of a captive portal',
      text('<html><body>Sign in: <a href="/">here</a></body></html>'),
      'unreadable',
    ],
    ['no list at all', text('null'), 'unreadable'],
    ['an empty answer', text(''), 'unreadable'],
    ['no version', text('files: []\n'), 'unreadable'],
    ['a version that is none', text(listOf({ version: 'next' })), 'unreadable'],
    ['a redirect to another host', redirect('https://updates.example.com/latest-linux.yml'), 'elsewhere'],
    ['a redirect to itself', redirect('/desk/latest-linux.yml'), 'elsewhere'],
    ['a list that is too long', text(`# ${'x'.repeat(1_100_000)}\n${listOf()}`), 'tooLarge'],
    ['a list without a length', (response) => void response.write(listOf()), 'tooLarge'],
  ])('where versions are listed: %s', async (_what, answer, problem) => {
    answers[list] = answer;
    expect(await problemOf(open().look(signal))).toBe(problem);
    expect(downloaded()).toEqual([]);
  });

  it('where nobody answers', async () => {
    const updater = open();
    answers[list] = (response) => response.socket?.destroy();
    expect(await problemOf(updater.look(signal))).toBe('unreachable');
  });

  it.each<[string, Answer, string]>([
    ['nothing there', text('', 404), 'notFound'],
    ['something else', text(`${newer}#`), 'notOurs'],
    ['a page', text('<html>'), 'notOurs'],
    ['a redirect', redirect('/desk/other'), 'elsewhere'],
    [
      'more than a program can be',
      (response) => {
        response.writeHead(200, { 'Content-Length': 700_000_000 }).write('x');
      },
      'tooLarge',
    ],
    [
      'half of it',
      (response) => {
        response.writeHead(200, { 'Content-Length': newer.length }).write(newer.slice(0, 10), () => {
          response.socket?.destroy();
        });
      },
      'brokenOff',
    ],
  ])('where the program is: %s', async (_what, answer, problem) => {
    answers[program] = answer;
    const updater = open();
    expect(await problemOf(lookAndDownload(updater))).toBe(problem);
    expect(downloaded()).toEqual([]);
    updater.install(false);
    expect(readFileSync(appImage, 'utf8')).toBe('the old one');
    // What is right the next time is taken.
    answers[program] = text(newer);
    await lookAndDownload(updater);
  });

  it('where the program is said to be at another host, or without a digest', async () => {
    answers[list] = text(listOf({ url: 'https://updates.example.com/Sharelight.AppImage' }));
    expect(await problemOf(lookAndDownload())).toBe('elsewhere');
    answers[list] = text('version: 0.2.0\nfiles:\n  - url: Sharelight.AppImage\n');
    expect(await problemOf(lookAndDownload())).toBe('unreadable');
    expect(downloaded()).toEqual([]);
  });
});

it('what hangs is broken off, and can be tried again', async () => {
  const updater = open();
  for (const [place, good] of Object.entries(answers)) {
    const given = new AbortController();
    answers[place] = (response) => {
      response.writeHead(200, { 'Content-Length': newer.length }).write(newer.slice(0, 10), () => {
        given.abort();
      });
    };
    expect(await problemOf(lookAndDownload(updater, given.signal))).toBe('brokenOff');
    answers[place] = good;
  }
  await lookAndDownload(updater);
});
