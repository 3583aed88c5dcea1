import { happenedAt } from '../communication/moments.ts';
import type { Verification } from '../database.ts';
import { joinClauses, say, wordsLanguage } from '../words/say.ts';
import { markup, type Markup } from '../words/markup.ts';
import { dateAndTime, dateWords } from '../words/time-words.ts';
import { exposureSection } from './exposure-words.ts';
import type { FieldSection } from './field-words.ts';
import type { MaskedDetail } from './masked-detail.ts';
import type { FactChain, Reader, RecordDetail } from './record-detail.ts';
import { glanceSection } from './record-fields.ts';
import { summaryOf } from './record-summary.ts';
import { storyOf } from './story.ts';
import { compare } from './wrapup-comparison.ts';

/** Records on paper, for a file or a complaint: a page of HTML without scripts that needs nothing else. */

export interface DocumentParts {
  /** In the order they happened. */
  readonly records: readonly (RecordDetail | MaskedDetail)[];
  /** Damaged ones, which are not in it. */
  readonly unread: number;
  readonly masked: boolean;
  /** Whose records they are; null where that is not to be said. */
  readonly agent: string | null;
  /** What a look at the whole database found; null of somebody's exported file. */
  readonly verification: Verification | null;
  /** Of Sharelight. */
  readonly version: string;
  readonly reader: Reader;
  /** In which the times are: `Europe/Berlin`. */
  readonly timeZone: string;
}

/** Nobody reads more of one field on paper, in characters; the record itself has it whole. */
const longestText = 20_000;

/** What is the same in both columns is written in each up to so many characters. */
const longestTwice = 120;

function cut(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, longestText)}…`;
}

/** Its hash is what the page may be styled by, and nothing else. */
const style = markup`
  * { margin: 0; padding: 0; }
  body { font: 9.5pt/1.4 "Segoe UI", "Helvetica Neue", "Noto Sans", "DejaVu Sans", sans-serif; color: #000; background: #fff; }
  h1 { font-size: 15pt; margin-bottom: 3pt; }
  h2 { font-size: 13pt; }
  h3 { font-size: 10pt; margin: 11pt 0 3pt; break-after: avoid; }
  h1, h2, p, dt, dd, td, th, li { overflow-wrap: anywhere; white-space: pre-line; }
  header p, .lead { color: #444; }
  article { margin-top: 16pt; padding-top: 10pt; border-top: 1.5pt solid #000; }
  article + article { break-before: page; border-top: 0; }
  article + .check { break-before: auto; break-inside: avoid; border-top: 1.5pt solid #000; }
  .story { font-size: 11.5pt; margin: 3pt 0; }
  dl > div { display: grid; grid-template-columns: 29% 1fr; gap: 10pt; padding: 1.5pt 0; border-bottom: .5pt solid #bbb; break-inside: avoid-page; }
  dt { color: #444; }
  table { width: 100%; border-collapse: collapse; table-layout: fixed; }
  th, td { padding: 2pt 6pt 2pt 0; border-bottom: .5pt solid #bbb; text-align: start; vertical-align: top; }
  th { font-weight: 600; }
  :is(th, td):is(:first-child, :last-child) { width: 16%; }
  ol { margin: 4pt 0 0 14pt; }
  .small { font-size: 8pt; color: #333; }
  .small dd, code { font-family: "DejaVu Sans Mono", Consolas, Menlo, monospace; font-size: 7.5pt; }
`;
export const documentStyle = String(style);

const value = (words: string): Markup => markup`<bdi>${cut(words)}</bdi>`;

function fieldList({ title, lines }: FieldSection): Markup {
  return markup`<h3>${title}</h3><dl>${lines.map(
    ({ name, words }) => markup`<div><dt>${value(name)}</dt><dd>${value(words)}</dd></div>`,
  )}</dl>`;
}

function wrapUp(detail: RecordDetail, locale: string): Markup {
  const { words, verdict, mineIs, lines, submissions } = compare(detail, locale);
  const mine = say(mineIs === 'draft' ? 'review.compare.draft' : 'review.compare.submitted');
  const rows = lines
    .filter((line) => line.verdict !== 'neither')
    .map((line) => {
      // Long notes that are the same are written once, over both columns.
      const isOnce = line.verdict === 'same' && line.mine.length > longestTwice;
      const words = isOnce
        ? markup`<td colspan="2">${value(line.mine)}</td>`
        : markup`<td>${value(line.mine || '–')}</td><td>${value(line.theirs || '–')}</td>`;
      return markup`<tr><th scope="row">${line.name}</th>${words}<td>${line.words}</td></tr>`;
    });
  const head = [
    say('review.compare.what'),
    mine,
    say('review.compare.server'),
    say('review.compare.verdict'),
  ];
  const table =
    verdict === 'neither'
      ? markup``
      : markup`<table><thead><tr>${head.map((each) => markup`<th scope="col">${each}</th>`)}</tr></thead><tbody>${rows}</tbody></table>`;
  const sent = submissions.map(({ at, what, state, attempts, how, problem, notes }, index) => {
    const clauses = [at, what, state, attempts, how, problem];
    // Those of the last one are in the table.
    const words = index < submissions.length - 1 && notes !== '' ? markup`<br>${value(notes)}` : markup``;
    return markup`<li>${value(joinClauses(clauses))}${words}</li>`;
  });
  return markup`<h3>${say('review.compare')}: ${words}</h3>${table}${sent.length > 0 ? markup`<ol>${sent}</ol>` : markup``}`;
}

/** How the facts of one record hang in the chain. */
function chainWords(
  { facts, communication }: Pick<RecordDetail, 'facts' | 'communication'>,
  chain: FactChain | undefined,
): string {
  if (communication.exported) return say('review.document.proof.exported');
  if (!chain) return say('review.document.proof.missing');
  return say('review.document.proof.chain', { count: facts, first: chain.first, last: chain.last });
}

function proof(detail: RecordDetail): Markup {
  const { chain } = detail;
  const hashes: readonly (readonly [string, string])[] = chain
    ? [
        [say('review.document.proof.before'), chain.before],
        [say('review.document.proof.end'), chain.end],
      ]
    : [];
  return markup`<h3>${say('review.document.proof')}</h3><p>${chainWords(detail, chain)}</p><dl class="small">${hashes.map(
    ([name, hash]) => markup`<div><dt>${name}</dt><dd>${hash}</dd></div>`,
  )}</dl>`;
}

function technical(detail: RecordDetail | MaskedDetail): Markup {
  const { conversationId, participantId, communicationId, screenshare } = detail.communication;
  const redacted = 'redacted' in detail ? detail.redacted.join(', ') : '';
  const lines = [
    ['conversationId', conversationId],
    ['participantId', participantId],
    ['communicationId', communicationId],
    ['provider', screenshare.provider ?? ''],
    [say('review.table.masked'), redacted],
  ] as const;
  return markup`<h3 class="small">${say('review.document.technical')}</h3><dl class="small">${lines
    .filter(([, words]) => words !== '')
    .map(([name, words]) => markup`<div><dt>${name}</dt><dd>${value(words)}</dd></div>`)}</dl>`;
}

function record(detail: RecordDetail, reader: Reader): Markup {
  const { title, detail: lead } = summaryOf(detail, reader);
  return markup`<article>
<h2>${value(title)}</h2>
<p class="story">${value(storyOf(detail, reader))}</p>
<p class="lead">${value(lead)}</p>
${fieldList(exposureSection(detail.communication, reader.locale))}
${wrapUp(detail, reader.locale)}
${fieldList(glanceSection(detail, reader))}
${proof(detail)}
${technical(detail)}
</article>`;
}

/** What `--verify` says, at the end of a document. */
function checkedWords(verification: Verification, { now, locale }: Reader): string {
  const { whole, facts, deleted, records, notRebuilt } = verification;
  const words = whole
    ? say('task.whole', { facts, deleted, records, notRebuilt })
    : say('settings.data.notWhole', { facts, records });
  return say('review.document.checked', { at: dateAndTime(now, locale), words });
}

function check({ verification, masked, reader }: DocumentParts): Markup {
  if (verification === null) return markup``;
  // They name records.
  const problems = masked ? [] : verification.problems;
  return markup`<article class="check"><h2>${say('review.document.check')}</h2><p class="story">${checkedWords(verification, reader)}</p><ul>${problems.map(
    (problem) => markup`<li>${value(problem)}</li>`,
  )}</ul><p>${say('review.document.check.again')}</p></article>`;
}

/** Of a document: how many records, and of which days. Names nobody, as it becomes the title of the file. */
export function documentTitle({ records, reader }: Pick<DocumentParts, 'records' | 'reader'>): string {
  const days = records
    .map(({ communication }) => happenedAt(communication))
    .sort((one, other) => one - other);
  const words = [
    ...new Set(
      [days[0], days.at(-1)].flatMap((day) => (day === undefined ? [] : [dateWords(day, reader.locale)])),
    ),
  ];
  return say('review.document.title', { count: records.length, days: words.join(' – ') });
}

export function documentHtml(parts: DocumentParts): string {
  const { records, unread, masked, agent, version, reader, timeZone } = parts;
  const title = documentTitle(parts);
  const about = [
    agent === null ? say('review.document.agent.unnamed') : say('review.document.agent', { name: agent }),
    say('review.document.made', { at: dateAndTime(reader.now, reader.locale), version, zone: timeZone }),
    say(masked ? 'review.document.masked' : 'review.document.plain'),
    unread === 0 ? '' : say('review.document.unread', { count: unread }),
  ].filter((line) => line !== '');
  return `<!doctype html>\n${String(markup`<html lang="${wordsLanguage()}"><head><meta charset="utf-8"><title>${title}</title><style>${style}</style></head><body>
<header><h1>${title}</h1>${about.map((line) => markup`<p>${value(line)}</p>`)}</header>
${records.map((each) => record(each, reader))}
${check(parts)}
</body></html>`)}`;
}
