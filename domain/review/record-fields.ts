import { roleOf, type Communication } from '../communication/communication.ts';
import { screenshareFields, type Screenshare } from '../model/screenshare.ts';
import { afterCallWorkStates, disconnectTypes, isKnown, wrapupPolicies } from '../model/values.ts';
import { codeNamesIn, namedCode, type CodeNames } from '../model/code-names.ts';
import { codeWords, endedWords, missedWords, partWords, stateWords } from '../words/communication-words.ts';
import { isExportedField } from '../exported-record.ts';
import { say } from '../words/say.ts';
import { clocksDifferWords, contradictionMs, offsetLength } from './clock-words.ts';
import type { Reader, RecordDetail } from './record-detail.ts';
import { summaryOf } from './record-summary.ts';
import {
  fieldLine,
  fieldLines,
  plain,
  time,
  type FieldKind,
  type FieldLine,
  type FieldReader,
  type FieldSection,
} from './field-words.ts';

/** Every field of a record in words, as sent, and by which clock. */

const word = (words: (value: string) => string): FieldKind => ({ as: 'word', words });
const milliseconds: FieldKind = { as: 'length', unitMs: 1 };

const workState = word((state) =>
  isKnown(afterCallWorkStates, state) ? say(`review.work.${state}`) : say('work.asSent', { state }),
);
const policy = word((value) =>
  isKnown(wrapupPolicies, value) ? say(`review.policy.${value}`) : say('review.field.asSent', { value }),
);
const disconnectType = (answered: boolean): FieldKind =>
  word((type) =>
    !isKnown(disconnectTypes, type)
      ? say('review.field.asSent', { value: type })
      : answered
        ? endedWords(type)
        : missedWords(type),
  );

type Simple = Exclude<(typeof screenshareFields)[number], 'segments' | 'wrapup' | 'afterCallWork'>;

/** The fields of the communication that are no models of their own. */
function screenshareKinds(answered: boolean): Record<Simple, FieldKind> {
  return {
    state: word(stateWords),
    initialState: word(stateWords),
    id: plain,
    context: plain,
    sharing: plain,
    peerCount: plain,
    disconnectType: disconnectType(answered),
    startAlertingTime: time('cloud'),
    connectedTime: time('cloud'),
    disconnectedTime: time('provider'),
    provider: plain,
    peerId: plain,
    afterCallWorkRequired: plain,
  };
}

const segmentKinds: Record<string, FieldKind> = {
  type: plain,
  startTime: time('cloud'),
  endTime: time('cloud'),
  howEnded: plain,
  disconnectType: plain,
};
const wrapupKinds = (names: CodeNames): Record<string, FieldKind> => ({
  code: word((code) => codeWords(names.nameOf(code), code)),
  name: plain,
  notes: plain,
  tags: plain,
  durationSeconds: { as: 'length', unitMs: 1000 },
  endTime: time('cloud'),
  provisional: plain,
});
const workKinds: Record<string, FieldKind> = {
  state: workState,
  startTime: time('cloud'),
  endTime: time('cloud'),
};

/** `Alert → Interact → Disconnect`: the segments in a line. */
function segmentsWords({ segments }: Screenshare): string {
  if (!segments) return say('review.field.absent');
  if (segments.length === 0) return say('review.field.empty');
  const names = segments.map(({ type }) => type ?? say('review.timeline.segment'));
  return [...names, segments.at(-1)?.howEnded ?? ''].filter((name) => name !== '').join(' → ');
}

/** A line in our own words. */
function ownLine(name: string, words: string, absent = false): FieldLine {
  return { name, words, sent: null, clock: '', absent };
}

function sentSection({ communication, codeNames }: RecordDetail, reader: FieldReader): FieldSection {
  const { screenshare, answered } = communication;
  const kinds = screenshareKinds(answered);
  const lines = screenshareFields.map((name): FieldLine => {
    if (name === 'segments') return ownLine(name, segmentsWords(screenshare), !screenshare.segments);
    if (name === 'afterCallWork') return fieldLine(name, screenshare.afterCallWork?.state, workState, reader);
    if (name !== 'wrapup') return fieldLine(name, screenshare[name], kinds[name], reader);
    const { wrapup } = screenshare;
    const code = wrapup && { code: wrapup.code ?? null, name: wrapup.name ?? null };
    const named = code && namedCode(code, codeNamesIn(codeNames));
    const words = named ? codeWords(named.name, named.code) : null;
    return ownLine(name, words ?? say('review.field.absent'), words === null);
  });
  const known = new Set<string>(screenshareFields);
  const others = Object.entries(screenshare)
    .filter(([name]) => !known.has(name))
    .map(([name, value]) => fieldLine(name, value, plain, reader));
  return { title: say('review.fields.sent'), lines: [...lines, ...others] };
}

function segmentSections({ communication }: RecordDetail, reader: FieldReader): FieldSection[] {
  return (communication.screenshare.segments ?? []).map((segment, index) => ({
    title: say('review.fields.segment', { number: index + 1 }),
    lines: fieldLines(segment, segmentKinds, reader),
  }));
}

function wrapupSections({ communication, codeNames }: RecordDetail, reader: FieldReader): FieldSection[] {
  const kinds = wrapupKinds(codeNamesIn(codeNames));
  const { screenshare, participantWrapup, exported } = communication;
  const { wrapup, afterCallWork } = screenshare;
  // A file has one wrap-up, and does not say whose.
  const ofParticipant = say(exported ? 'review.fields.exportedWrapup' : 'review.fields.participantWrapup');
  const section = (
    title: string,
    holder: Readonly<Record<string, unknown>> | null | undefined,
    kinds: Record<string, FieldKind>,
  ): FieldSection[] => (holder ? [{ title, lines: fieldLines(holder, kinds, reader) }] : []);
  return [
    ...section(say('review.fields.wrapup'), wrapup, kinds),
    ...section(ofParticipant, participantWrapup, kinds),
    ...section(say('review.fields.work'), afterCallWork, workKinds),
  ];
}

/** What its participant and conversation say about it. */
const aroundKinds = {
  conversationId: plain,
  participantId: plain,
  communicationId: plain,
  queueName: plain,
  queueId: plain,
  peerName: plain,
  peerSharing: plain,
  sharers: plain,
  policy,
  wrapupRequired: plain,
  wrapupTimeoutMs: milliseconds,
  wrapupSkipped: plain,
  startAcwTime: time('cloud'),
  endAcwTime: time('cloud'),
  endTime: time('cloud'),
  superseded: plain,
  alertingTimeoutMs: milliseconds,
} satisfies Partial<Record<keyof Communication, FieldKind>>;

/** What Sharelight itself recorded. */
const notedKinds = {
  media: plain,
  alertedAt: time('cloud'),
  answered: plain,
  gone: plain,
  firstSeenAt: time('machine'),
  lastSeenAt: time('machine'),
  revisions: plain,
} satisfies Partial<Record<keyof Communication, FieldKind>>;

/** Some fields of a record from an exported file are filled in only to read it. */
function isFilledIn({ exported, screenshare }: Communication, name: string): boolean {
  if (!exported) return false;
  return name === 'communicationId' ? (screenshare.id ?? null) === null : !isExportedField(name);
}

function notExported(name: string): FieldLine {
  return ownLine(name, say('review.field.notExported'), true);
}

function pickedLines(
  communication: Communication,
  kinds: Readonly<Partial<Record<keyof Communication, FieldKind>>>,
  reader: FieldReader,
): FieldLine[] {
  return (Object.keys(kinds) as (keyof typeof kinds)[]).map((name) =>
    isFilledIn(communication, name)
      ? notExported(name)
      : fieldLine(name, communication[name], kinds[name] ?? plain, reader),
  );
}

function notedSection({ communication, facts }: RecordDetail, reader: FieldReader): FieldSection {
  const lines = pickedLines(communication, notedKinds, reader);
  const role = fieldLine('role', roleOf(communication), plain, reader);
  const factCount = communication.exported ? notExported('facts') : fieldLine('facts', facts, plain, reader);
  return { title: say('review.fields.noted'), lines: [role, ...lines, factCount] };
}

/** What a file says besides what is exported now. Under a title of its own: its names may be any. */
function beyondSections({ communication }: RecordDetail, reader: FieldReader): FieldSection[] {
  const lines = fieldLines(communication.exported?.beyond ?? {}, {}, reader);
  return lines.length === 0 ? [] : [{ title: say('review.fields.beyond'), lines }];
}

/** One time of each clock, and what shows that they do not agree. */
function clockSection({ communication }: RecordDetail, reader: FieldReader): FieldSection {
  const { clocks, locale } = reader;
  const { lastSeenAt, screenshare } = communication;
  const length = (ms: number): string => offsetLength(ms, locale);
  const uncertainty = clocks?.cloudUncertaintyMs;
  const impossible = contradictionMs(communication);
  const differ = clocksDifferWords(clocks, locale);
  return {
    title: say('review.fields.clocks'),
    lines: [
      fieldLine('lastSeenAt', lastSeenAt, time('machine'), reader),
      fieldLine('connectedTime', screenshare.connectedTime, time('cloud'), reader),
      fieldLine('disconnectedTime', screenshare.disconnectedTime, time('provider'), reader),
      ...(uncertainty === undefined
        ? []
        : [
            ownLine(
              say('review.clock.uncertain'),
              say('review.clock.uncertainty', { length: length(uncertainty) }),
            ),
          ]),
      ...(differ === '' ? [] : [ownLine(say('review.clock.difference'), differ)]),
      ...(impossible === 0
        ? []
        : [
            ownLine(
              say('review.clock.contradiction'),
              say('review.clock.impossible', { length: length(impossible) }),
            ),
          ]),
    ],
  };
}

/** What a person looks for first: what became of it, then `plainLines`. */
export function glanceSection(detail: RecordDetail, reader: Reader): FieldSection {
  const cards = summaryOf(detail, reader).cards.map(({ title, value }) => ownLine(title, value));
  return { title: say('review.plain'), lines: [...cards, ...plainLines(detail, reader.locale)] };
}

/** What a person looks for first, under labels of daily use; all of it, as sent, is in the sections. */
export function plainLines({ communication }: RecordDetail, locale: string): readonly FieldLine[] {
  const reader: FieldReader = { clocks: communication.clocks, locale };
  const { screenshare, answered, peerName, queueName, firstSeenAt, lastSeenAt } = communication;
  return [
    fieldLine(say('review.plain.customer'), peerName, plain, reader),
    fieldLine(say('review.plain.queue'), queueName, plain, reader),
    fieldLine(say('review.plain.part'), partWords(communication), plain, reader),
    fieldLine(say('review.plain.ending'), screenshare.disconnectType, disconnectType(answered), reader),
    fieldLine(say('review.plain.policy'), communication.policy, policy, reader),
    fieldLine(say('review.plain.first'), firstSeenAt, time('machine'), reader),
    fieldLine(say('review.plain.last'), lastSeenAt, time('machine'), reader),
  ]
    .filter(({ absent }) => !absent)
    .map((line) => ({ ...line, sent: null, clock: '' }));
}

/** All of it as text, to be copied: a line for each field. */
export function sectionsAsText(sections: readonly FieldSection[]): string {
  const lineText = ({ name, words, sent, clock }: FieldLine): string =>
    `${name}: ${[words, sent ?? '', clock].filter((part) => part !== '').join(' · ')}`;
  return sections.map(({ title, lines }) => [title, ...lines.map(lineText), ''].join('\n')).join('\n');
}

/** In the order people read them; a section that has nothing to show is left out. */
export function fieldSections(detail: RecordDetail, locale: string): readonly FieldSection[] {
  const { communication } = detail;
  const reader: FieldReader = { clocks: communication.clocks, locale };
  return [
    sentSection(detail, reader),
    ...segmentSections(detail, reader),
    ...wrapupSections(detail, reader),
    { title: say('review.fields.around'), lines: pickedLines(communication, aroundKinds, reader) },
    notedSection(detail, reader),
    ...beyondSections(detail, reader),
    clockSection(detail, reader),
  ];
}
