import { createHash, createHmac, randomUUID } from 'node:crypto';
import type { Agent } from 'node:http';
import { request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { maskForArchive } from '../../domain/archive/mask.ts';
import { archiveKey, canonical, canonicalText } from '../../domain/archive/identity.ts';
import { archivePaths, recordsType, type RecordLine, type SessionAnswer } from '../../domain/archive/wire.ts';
import { exportRecord, type ExportedRecord } from '../../domain/exported-record.ts';
import { tokenOf, type MadeUp } from '../unit/archive/genesys.ts';
import type { Day } from './day.ts';

/** Desks as the archive sees them: records of a simulated day, sent over HTTP. */

export const organisation = 'org-1';

/** The records of a day that a desk would send. */
export function recordsOf({ settled }: Day): ExportedRecord[] {
  const latest = new Map(settled.flatMap(({ changed }) => changed.map((each) => [each.key, each])));
  return [...latest.values()].map((each) => exportRecord(each, undefined, undefined));
}

/** A line as it goes over the wire, and what the service makes of it for the database. */
export interface MadeLine {
  readonly line: RecordLine;
  readonly key: string;
  readonly digest: string;
  /** The record alone. */
  readonly text: string;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** So many lines about conversations nobody has sent before, masked as an organisation would have it. */
export function linesOf(
  records: readonly ExportedRecord[],
  count: number,
  { agentId, device }: { agentId: string; device: string },
  maskKey = 'bench',
): MadeLine[] {
  const digest = (text: string): string => createHmac('sha256', maskKey).update(text).digest('hex');
  return Array.from({ length: count }, (_, at) => {
    const record = records[at % records.length];
    if (!record) throw new Error('The day has no records.');
    const one = { ...record, conversationId: randomUUID() };
    const masked = canonical(maskForArchive(one, 'people', digest)) as ReturnType<typeof maskForArchive>;
    const line = {
      ...{ device, seq: at + 1, chain: sha256(`${at}`), revision: record.revisions },
      ...{ day: record.firstSeenAt.slice(0, 10), record: masked as unknown as RecordLine['record'] },
    };
    const text = canonicalText(masked);
    return { line, key: archiveKey(masked, { agentId, digest, sha256 }), digest: sha256(text), text };
  });
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** What the service asks to wait before the next try, ms. */
  readonly waitMs: number;
}

/** One desk, with connections it keeps open. */
export class Desk {
  readonly #url: URL;
  readonly #agent: Agent;
  /** The network address it seems to come from: sign-ins are counted for each. */
  readonly #address: string;
  #session = '';

  constructor(url: string, agent: Agent, number: number) {
    this.#url = new URL(url);
    this.#agent = agent;
    this.#address = `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
  }

  call(
    method: 'GET' | 'POST',
    path: string,
    body?: Buffer | string,
    type = 'application/json',
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          ...{ host: this.#url.hostname, port: this.#url.port, path, method, agent: this.#agent },
          headers: {
            ...{ 'x-forwarded-proto': 'https', 'x-forwarded-for': this.#address },
            ...(this.#session === '' ? {} : { authorization: `Bearer ${this.#session}` }),
            ...(body === undefined
              ? {}
              : { 'content-type': type, 'content-length': Buffer.byteLength(body) }),
          },
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (part: string) => (text += part));
          response.on('end', () => {
            const seconds = Number(response.headers['retry-after'] ?? 0);
            resolve({ status: response.statusCode ?? 0, text, waitMs: seconds * 1_000 });
          });
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  }

  /** As desks do: what is refused for now is asked again when the service says so. */
  async patiently(ask: () => Promise<Answer>): Promise<{ answer: Answer; tries: number }> {
    for (let tries = 1; ; tries += 1) {
      const answer = await ask();
      if (answer.status === 200) return { answer, tries };
      if (answer.status !== 429 && answer.status !== 503) throw new Error(`${answer.status}: ${answer.text}`);
      await wait(answer.waitMs);
    }
  }

  async signIn(user: MadeUp): Promise<SessionAnswer> {
    const body = JSON.stringify({ accessToken: tokenOf(user) });
    const { answer } = await this.patiently(() => this.call('POST', archivePaths.session, body));
    const session = JSON.parse(answer.text) as SessionAnswer;
    this.#session = session.session;
    return session;
  }

  send(body: Buffer): Promise<Answer> {
    return this.call('POST', archivePaths.records, body, recordsType);
  }
}

export const bodyOf = (lines: readonly MadeLine[]): Buffer =>
  Buffer.from(lines.map(({ line }) => JSON.stringify(line)).join('\n'));
