import { describe, expect, it } from 'vitest';
import type { Verification } from '../../../domain/database.ts';
import { maskDetail } from '../../../domain/review/masked-detail.ts';
import type { RecordDetail } from '../../../domain/review/record-detail.ts';
import {
  documentHtml,
  documentStyle,
  documentTitle,
  type DocumentParts,
} from '../../../domain/review/record-document.ts';
import { storyOf } from '../../../domain/review/story.ts';
import { maskWordsOf } from '../../../electron/store/mask-records.ts';
import { settled, submission } from '../store/values.ts';

const reader = { now: Date.parse('2025-03-05T10:00:00Z'), locale: 'en-GB' };
const whole: Verification = {
  whole: true,
  facts: 12,
  deleted: 0,
  records: 3,
  rebuilt: 3,
  notRebuilt: 0,
  problems: [],
  derived: [],
};

function detailOf(change: Partial<RecordDetail> = {}): RecordDetail {
  return {
    communication: settled(),
    draft: null,
    submissions: [{ ...submission({ notes: 'all well', state: 'confirmed' }), order: 1 }],
    facts: 2,
    chain: { first: 3, last: 12, before: 'a'.repeat(64), end: 'b'.repeat(64) },
    codeNames: {},
    ...change,
  };
}
function parts(change: Partial<DocumentParts> = {}): DocumentParts {
  return {
    records: [detailOf()],
    unread: 0,
    masked: false,
    agent: 'Ada Agent',
    verification: whole,
    version: '1.2.3',
    reader,
    timeZone: 'Europe/Berlin',
    ...change,
  };
}
/** The words of a page, as a person reads them. */
function wordsOf(html: string): string {
  const body = html.slice(html.indexOf('<body>'));
  return body.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
}

describe('a record on paper', () => {
  it('tells its story, who could see it, the wrap-up on both sides, and its place in the chain', () => {
    const words = wordsOf(documentHtml(parts()));
    for (const said of [
      '1 screen share record, 4 Mar 2025',
      '“You” is Ada Agent',
      'by Sharelight 1.2.3. Times are those of Europe/Berlin.',
      'Nothing was masked',
      storyOf(detailOf(), reader),
      'Who could see your screen',
      'Your wrap-up vs Genesys: same',
      'Resolved',
      'all well',
      'At a glance',
      'The 2 updates about this record are between number 3 and number 12.',
      'a'.repeat(64),
      'b'.repeat(64),
      'conversation-1',
      'All records are intact: 12 updates, 3 records, each matching its updates; the chain holds.',
    ])
      expect(words).toContain(said);
    expect(words).not.toMatch(/undefined|NaN|Invalid Date|\[object|\{|\}/);
  });

  it('says so where something is wrong, is left out, or cannot be proved', () => {
    const broken = { ...whole, whole: false, problems: ['update 4: it or the one before it was changed'] };
    const words = wordsOf(documentHtml(parts({ verification: broken, unread: 2 })));
    expect(words).toContain('NOT intact');
    expect(words).toContain('update 4: it or the one before it was changed');
    expect(words).toContain('2 damaged records are left out.');
    const { chain: _chain, ...unproved } = detailOf();
    expect(wordsOf(documentHtml(parts({ records: [unproved] })))).toContain('nothing proves it');
    const exported = { role: 'sharing', beyond: {} } as const;
    const opened = { ...unproved, communication: settled({ exported }) };
    const file = wordsOf(documentHtml(parts({ records: [opened], verification: null, agent: null })));
    expect(file).toContain('comes from an exported file');
    expect(file).toContain('“You” is the agent whose records these are.');
    expect(file).not.toContain('intact');
  });

  it('writes long notes once where both have the same', () => {
    const notes = 'what the customer said '.repeat(300);
    const long = settled({ screenshare: { ...settled().screenshare, wrapup: { code: 'code-1', notes } } });
    const submissions = [{ ...submission({ notes }), order: 1 }];
    const html = documentHtml(parts({ records: [detailOf({ communication: long, submissions })] }));
    expect(html.split(notes.trim())).toHaveLength(2);
  });

  it('has every record of a selection, and says how many and of which days', () => {
    const later = settled({ conversationId: 'conversation-2', alertedAt: '2025-03-06T10:00:00.000Z' });
    const records = [detailOf(), detailOf({ communication: later })];
    expect(documentTitle({ records, reader })).toBe('2 screen share records, 4 Mar 2025 – 6 Mar 2025');
    const html = documentHtml(parts({ records }));
    // One each, and the check of all of them.
    expect(html.match(/<article/g)).toHaveLength(3);
    expect(html).toContain('conversation-2');
  });

  it('names nobody where it is masked, and says what was masked', () => {
    const masked = maskDetail(detailOf(), maskWordsOf(new Uint8Array(32)));
    const broken = { ...whole, whole: false, problems: ['record conversation-1/x: no update explains it'] };
    const html = documentHtml(parts({ records: [masked], masked: true, agent: null, verification: broken }));
    expect(html).not.toMatch(/Ana|Lima|Ada|all well|conversation-1|participant-1/);
    expect(wordsOf(html)).toContain('People, addresses and notes are masked.');
    expect(wordsOf(html)).toContain('peerName');
  });
});

describe('whatever somebody is called', () => {
  const attack = `</title></style><script src=x>"'&\0\u202E</script><img onerror=alert(1)>`;
  const communication = settled({
    peerName: attack,
    queueName: attack,
    conversationId: attack,
    participantId: attack,
    policy: attack,
    observations: [{ how: 'share', name: attack, purpose: attack, from: '2025-03-04T10:00:06.000Z' }],
  });
  const hostile = detailOf({
    communication: {
      ...communication,
      screenshare: {
        ...communication.screenshare,
        disconnectType: attack,
        provider: attack,
        wrapup: { code: attack, name: attack, notes: attack },
      },
    },
    submissions: [
      { ...submission({ name: attack, notes: attack, problem: attack, createdAt: attack }), order: 1 },
      { ...submission({ code: attack, notes: attack, state: 'failed' }), order: 2 },
    ],
  });
  const all = {
    records: [hostile],
    agent: attack,
    version: attack,
    timeZone: attack,
    verification: { ...whole, whole: false, problems: [attack] },
  };

  it('a page has the tags of our templates, and no other', () => {
    const plain = documentHtml(parts({ records: [detailOf()] }));
    const html = documentHtml(parts(all));
    const tags = (page: string): string[] => [...new Set([...page.matchAll(/<[^>]*>/g)].map(([tag]) => tag))];
    const ours = new Set([...tags(plain), '<li>', '</li>', '<ol>', '</ol>', '<br>']);
    expect(tags(html).filter((tag) => !ours.has(tag))).toEqual([]);
    expect(html).not.toMatch(/[\0\u202a-\u202e]/);
    expect(html.match(/<\/?title>/g)).toHaveLength(2);
    expect(html.match(/<\/?style>/g)).toHaveLength(2);
  });

  it('is styled as its policy allows, to the letter', () => {
    const html = documentHtml(parts(all));
    const [, style] = /<style>([^]*?)<\/style>/.exec(html) ?? [];
    expect(style).toBe(documentStyle);
    expect(documentStyle).not.toMatch(/[<&]|url\(|@import/);
  });

  it('nothing without end makes a document without end', () => {
    const endless = detailOf({ communication: settled({ peerName: 'x'.repeat(2_000_000) }) });
    expect(documentHtml(parts({ records: [endless] })).length).toBeLessThan(200_000);
  });
});
