import { z } from 'zod';
import { notesLimit } from '../submissions.ts';
import { regionIds } from '../regions.ts';
import { clientIdSchema, keepDaysSchema, settingsChangeSchema } from '../settings-schema.ts';
import type { AccessAnswer } from '../archive/wire.ts';
import type { ArchiveIssue, LinePreview } from '../archive/queue.ts';
import type { Verification } from '../database.ts';
import type { DatabaseInfo, NotificationResult, ProgramInfo, CaptureTest } from '../program-info.ts';
import type { LogLine } from '../log-lines.ts';
import { exportFormats, headingKinds } from '../exported-record.ts';
import type { FactPage, RecordDetail } from '../review/record-detail.ts';
import type { DeletionReport, DeletionPlan, NextExpiry } from '../review/deletion.ts';
import type { OfferedNames } from '../review/search-parts.ts';
import { type ListingPage } from '../review/record-listing.ts';
import type { AgentFigure } from '../review/agent-figures.ts';
import { type Figure, figureKinds } from '../review/chart-figures.ts';
import { reviewSources } from '../review/query.ts';
import { deletionSchema, reviewOrderSchema, reviewQuerySchema } from '../review/review-schemas.ts';
import { type Patch, type Snapshot } from '../state.ts';
import { themes } from '../settings.ts';
import { settingsSections } from '../settings-sections.ts';
import { textSizeSteps } from '../text-size.ts';
import { highest, lowest, pillWidth, widest } from '../widget-size.ts';
import type { CallName, callsOf, WindowRole } from './channels.ts';

const key = z.string().min(1).max(400);
const nothing = z.tuple([]);
const address = z.string().min(1).max(300);
/** Part of a file's name. */
const chartName = z.string().regex(/^[\w-]{1,60}$/);
const pngSignature = [0x89, 0x50, 0x4e, 0x47];
const isPng = (bytes: Uint8Array): boolean =>
  bytes.length < 16_000_000 && pngSignature.every((byte, at) => bytes[at] === byte);
const aboutOne = z.tuple([z.strictObject({ key })]);

/** Arguments of every call, parsed from `unknown` on arrival. Strict: an extra argument is a refusal. */
export const callArguments = {
  getSnapshot: nothing,
  saveDraft: z.tuple([
    z.strictObject({
      key,
      code: z.string().max(200).nullable(),
      name: z.string().max(400).nullable(),
      notes: z.string().max(notesLimit),
      letters: z.string().max(40).exactOptional(),
      revision: z.number().int().nonnegative(),
    }),
  ]),
  /** Everything being written was handed over, see `Source.closing`. */
  draftsSaved: nothing,
  /** Done and Save alike: which of the two it is follows from the policy. */
  submitWrapUp: aboutOne,
  skipWrapUp: aboutOne,
  /** Within the seconds in which it is held; its words are being written again. */
  undoWrapUp: aboutOne,
  postponeWrapUp: aboutOne,
  openWrapUp: z.tuple([z.strictObject({ key: key.nullable() })]),
  sendMine: aboutOne,
  keepTheirs: aboutOne,
  /** The last different notes that were filed with a code. */
  lastNotes: z.tuple([z.strictObject({ code: z.string().min(1).max(200) })]),
  /** Opens a wrap-up that is over in the widget, to be changed; refused with who can where it cannot be from here. */
  correctWrapUp: aboutOne,
  /** What the agent's status is set to when this work ends; null: it stays. */
  chooseNextStatus: z.tuple([z.strictObject({ key, id: z.string().min(1).max(200).nullable() })]),
  setFavourite: z.tuple([z.strictObject({ code: z.string().min(1).max(200), favourite: z.boolean() })]),
  answer: aboutOne,
  /** `ends`: what the button said it would end besides. */
  decline: z.tuple([z.strictObject({ key: z.string().min(1), ends: z.string().exactOptional() })]),
  /** `byKey`: by the stop key in the window, which says nothing before. */
  stopSharing: z.tuple([
    z.strictObject({
      key: z.string().min(1),
      ends: z.string().exactOptional(),
      byKey: z.literal(true).exactOptional(),
    }),
  ]),
  /** The reminder that asks was answered. */
  keepSharing: nothing,
  /** Others may see the screen today: see `AppState.gate`. */
  acceptGate: nothing,
  requestAfterCallWork: z.tuple([z.strictObject({ key, required: z.boolean() })]),
  retryNow: nothing,
  dismissNotice: z.tuple([z.strictObject({ id: z.string().min(1).max(100) })]),
  /** A missed alert the agent has seen: it goes at once. */
  dismissMissed: aboutOne,
  answerKeyQuestion: z.tuple([
    z.discriminatedUnion('choice', [
      z.strictObject({ choice: z.literal('file') }),
      z.strictObject({ choice: z.literal('passphrase'), passphrase: z.string().min(1).max(1000) }),
      z.strictObject({ choice: z.literal('retry') }),
      /** Goes on without recording for now; `back` asks again. */
      z.strictObject({ choice: z.literal('putOff') }),
      z.strictObject({ choice: z.literal('back') }),
      /** A backup by its name; null: what can be read goes into an empty database. */
      z.strictObject({ choice: z.literal('restore'), backup: z.string().max(100).nullable() }),
      z.strictObject({ choice: z.literal('putKeyBack') }),
      z.strictObject({ choice: z.literal('aside') }),
      /** `word`: what the person typed to confirm it. */
      z.strictObject({ choice: z.literal('delete'), word: z.string().max(100) }),
    ]),
  ]),
  /**
   * Opens the system browser. The answer comes at once (ok: the browser has it; else why not); how it ends
   * is told by `account`. `again`: with the region and client id of the account there is.
   */
  signIn: z.tuple([
    z.union([
      z.strictObject({ region: z.enum(regionIds), clientId: clientIdSchema }),
      z.strictObject({ login: address, api: address, clientId: clientIdSchema }),
      z.strictObject({ again: z.literal(true) }),
    ]),
  ]),
  cancelSignIn: nothing,
  /** Forgets the tokens here and at the server; the records stay. */
  signOut: nothing,
  setTheme: z.tuple([z.strictObject({ theme: z.enum(themes) })]),
  /** Size of the content in CSS px. */
  fitWindow: z.tuple([
    z.strictObject({
      width: z.int().min(pillWidth).max(widest),
      height: z.int().min(lowest).max(highest),
    }),
  ]),
  stepTextSize: z.tuple([z.strictObject({ step: z.enum(textSizeSteps) })]),
  hideWindow: nothing,
  /** Somebody who has not chosen yet looks around with the demo. */
  lookAround: nothing,
  setStartAtLogin: z.tuple([z.strictObject({ on: z.boolean() })]),
  openSettings: z.tuple([z.strictObject({ section: z.enum(settingsSections) }).optional()]),
  changeSettings: z.tuple([settingsChangeSchema]),
  describeProgram: nothing,
  describeDatabase: nothing,
  /** Of the database in use; what is in it stays as it is. */
  changeKeyKeeping: z.tuple([
    z.discriminatedUnion('how', [
      z.strictObject({ how: z.literal('system') }),
      z.strictObject({ how: z.literal('file') }),
      z.strictObject({ how: z.literal('passphrase'), passphrase: z.string().min(1).max(1000) }),
    ]),
  ]),
  testNotification: nothing,
  verifyNow: nothing,
  /** The person is asked for the file; how far it has come is told by `review.work`. */
  exportRecords: z.tuple([
    z.strictObject({
      format: z.enum(exportFormats),
      /** Of a CSV; in words unless field names are asked for. */
      headings: z.enum(headingKinds).exactOptional(),
      redact: z.boolean(),
      query: reviewQuerySchema.nullable(),
    }),
  ]),
  /** As PDF, for which the person is asked for the file, or printed. */
  makeDocument: z.tuple([
    z.strictObject({
      records: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('one'), key }),
        /** Null: every record. At most `documentLimit`. */
        z.strictObject({ kind: z.literal('found'), query: reviewQuerySchema.nullable() }),
      ]),
      redact: z.boolean(),
      to: z.enum(['file', 'printer']),
    }),
  ]),
  /** Ends the export or import that is under way; nothing of it is kept. */
  stopTask: nothing,
  /** At one of the own records, or as it is. */
  openReview: z.tuple([z.strictObject({ record: key }).optional()]),
  findRecords: z.tuple([
    z.strictObject({
      query: reviewQuerySchema,
      order: reviewOrderSchema,
      from: z.int().min(0).max(1e9),
      count: z.int().min(1).max(500),
    }),
  ]),
  readSearchNames: nothing,
  /** A search that found what was looked for: it is offered again. */
  keepSearch: z.tuple([
    z.strictObject({
      chips: z.array(z.string().min(1).max(500)).max(20).readonly(),
      text: z.string().max(2_000),
    }),
  ]),
  countRecords: z.tuple([z.strictObject({ query: reviewQuerySchema })]),
  readRecord: aboutOne,
  readFacts: z.tuple([z.strictObject({ key, after: z.int().min(0) })]),
  readFigures: z.tuple([z.strictObject({ query: reviewQuerySchema, by: z.enum(figureKinds) })]),
  /** Opens somebody's exported NDJSON to be looked at; the person is asked for the file. */
  openFile: nothing,
  closeFile: nothing,
  /** Chosen again, the archive is read again. */
  chooseSource: z.tuple([z.strictObject({ source: z.enum(reviewSources) })]),
  /** Who looked at the own records in the archive; `after` is `next` of the page before. */
  readLooks: z.tuple([z.strictObject({ after: z.string().max(400).nullable() })]),
  /** How many records of a search in the archive are whose. */
  readAgentFigures: z.tuple([z.strictObject({ query: reviewQuerySchema })]),
  /** The person is asked for the file. */
  saveChart: z.tuple([
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('csv'), name: chartName, text: z.string().max(4_000_000) }),
      z.strictObject({
        kind: z.literal('png'),
        name: chartName,
        bytes: z.instanceof(Uint8Array).refine(isPng, 'A picture'),
      }),
    ]),
  ]),
  planDeletion: z.tuple([deletionSchema]),
  /** What would be deleted at once if records were kept for so many days only. */
  planKeeping: z.tuple([z.strictObject({ days: keepDaysSchema })]),
  deleteRecords: z.tuple([deletionSchema]),
  nextExpiry: nothing,
  /** What would leave for the archive of the latest finished record before this one (null: of all). */
  showArchiveLine: z.tuple([z.strictObject({ before: z.int().nullable() })]),
  readArchiveIssues: nothing,
  /** What the archive refused is sent once more. */
  offerRefused: nothing,
  saveDiagnostics: nothing,
  readLog: nothing,
  /** Of the window that asks: it is in front. */
  testCapture: nothing,
  openLogFolder: nothing,
  /** What comes of it is told by `updates`. */
  lookForUpdates: nothing,
  /** Refused while the agent shares or has work. */
  restartToUpdate: nothing,
} as const satisfies Record<CallName, z.ZodType<unknown[]>>;

export type CallArguments = { [Name in CallName]: z.infer<(typeof callArguments)[Name]> };

/** Values of successful calls. Most say nothing: the effect arrives as a patch. */
export interface CallReplies {
  getSnapshot: Snapshot;
  /** `durable`: on disk. When recording is paused main only holds it while it runs, and `reason` says so. */
  saveDraft: { readonly revision: number; readonly durable: boolean; readonly reason: string };
  draftsSaved: null;
  submitWrapUp: null;
  skipWrapUp: null;
  undoWrapUp: null;
  postponeWrapUp: null;
  openWrapUp: null;
  sendMine: null;
  keepTheirs: null;
  /** Newest first, a few. */
  lastNotes: readonly string[];
  correctWrapUp: null;
  chooseNextStatus: null;
  setFavourite: null;
  answer: null;
  decline: null;
  stopSharing: null;
  keepSharing: null;
  acceptGate: null;
  requestAfterCallWork: null;
  retryNow: null;
  dismissNotice: null;
  dismissMissed: null;
  answerKeyQuestion: null;
  signIn: null;
  cancelSignIn: null;
  signOut: null;
  setTheme: null;
  fitWindow: null;
  stepTextSize: null;
  hideWindow: null;
  lookAround: null;
  setStartAtLogin: null;
  openSettings: null;
  /** In force. `notKept`: why only until the program ends, in words; empty when it is kept. */
  changeSettings: { readonly notKept: string };
  describeProgram: ProgramInfo;
  describeDatabase: DatabaseInfo;
  changeKeyKeeping: null;
  testNotification: NotificationResult;
  verifyNow: Verification;
  /** Null when the person changed their mind. `unread`: damaged records, which are not in the file. */
  exportRecords: { readonly file: string; readonly records: number; readonly unread: number } | null;
  /** As of `exportRecords`; `file` is null on paper. */
  makeDocument: { readonly file: string | null; readonly records: number; readonly unread: number } | null;
  stopTask: null;
  openReview: null;
  findRecords: ListingPage;
  readSearchNames: OfferedNames;
  keepSearch: null;
  countRecords: number;
  /** Null when there is no such record (any more). */
  readRecord: RecordDetail | null;
  readFacts: FactPage;
  readFigures: readonly Figure[];
  openFile: null;
  closeFile: null;
  chooseSource: null;
  readLooks: AccessAnswer;
  readAgentFigures: readonly AgentFigure[];
  saveChart: { readonly file: string } | null;
  planDeletion: DeletionPlan;
  planKeeping: DeletionPlan;
  deleteRecords: DeletionReport;
  nextExpiry: NextExpiry | null;
  /** Null where none is finished. `exact`: with the key of the archive; else another stands in for it. */
  showArchiveLine: (LinePreview & { readonly exact: boolean }) | null;
  readArchiveIssues: readonly ArchiveIssue[];
  offerRefused: null;
  saveDiagnostics: { readonly file: string } | null;
  /** The latest lines, newest last. */
  readLog: readonly LogLine[];
  testCapture: CaptureTest;
  openLogFolder: null;
  lookForUpdates: null;
  restartToUpdate: null;
}

/** A refusal is a value with a reason in words, never an `undefined`. */
export type Reply<Value> =
  | { readonly ok: true; readonly value: Value }
  | {
      readonly ok: false;
      readonly reason: string;
      /** The same window has asked for something else meanwhile: nothing is wrong, and nobody is to be told. */
      readonly superseded?: true;
    };

/** What the preload of a window puts on `window.sharelight`: one function per call it may make. */
export type BridgeOf<Role extends WindowRole> = {
  readonly [Name in (typeof callsOf)[Role][number]]: (
    ...args: CallArguments[Name]
  ) => Promise<Reply<CallReplies[Name]>>;
} & {
  /** For the one mirror of the page; it hears of every patch since the page began to load. */
  readonly onPatch: (listener: (patch: Patch) => void) => void;
  /** Whether its window is shown: to the browser engine a minimised one is, and one not shown yet. */
  readonly onShown: (listener: (isShown: boolean) => void) => void;
};
export type Bridge = BridgeOf<'widget'>;
