// @ts-check
/**
 * Everything that is promised about speed and size, in one table. `npm run bench -- --check` judges by it.
 *
 * How a goal is compared:
 * - `times the rival`: our median (or mean) is at most so many times the rival's
 * - `times as fast`: the rival's median is at least so many times ours
 * - `median`, `p95`, `p98`, `p99`, `most`: that of our samples is at most so much, in `unit`
 *
 * Of a ratio the end of its bootstrap interval that is against us decides.
 * @typedef {'times the rival' | 'times as fast' | 'median' | 'p95' | 'p98' | 'p99' | 'most'} Comparison
 */

/** What `--only` takes, in the order of a run. */
export const kinds = /** @type {const} */ ([
  'start',
  'memory',
  'alert',
  'idle',
  'commit',
  'review',
  'rivals',
  'flood',
  'reduce',
  'size',
  'workday',
  'growth',
  'codes',
  'archive',
]);
/** @typedef {typeof kinds[number]} Kind */

/**
 * @typedef {object} Goal
 * @property {string} id
 * @property {Kind} kind what measures it
 * @property {string} measure
 * @property {string} unit
 * @property {string} [rival] what it is compared with
 * @property {Comparison} compare
 * @property {'mean'} [middle] what stands for all samples; default: the median
 * @property {number} goal
 * @property {number} stretch the further aim
 */

const blank = 'blank window';

export const goals = /** @satisfies {Record<string, Goal>} */ ({
  start: {
    id: 'P1',
    kind: 'start',
    measure: 'spawn to the true last state on screen, 10,000 records',
    ...{ unit: 'ms', rival: blank, compare: 'times the rival', goal: 1.25, stretch: 1.1 },
  },
  memoryOpen: {
    id: 'P2',
    kind: 'memory',
    measure: 'memory of all processes (PSS), widget open',
    ...{ unit: 'MB', rival: blank, compare: 'times the rival', goal: 1.15, stretch: 1.08 },
  },
  memoryTray: {
    id: 'P3',
    kind: 'memory',
    measure: 'memory of all processes (PSS), tray only',
    ...{ unit: 'MB', rival: blank, compare: 'times the rival', goal: 0.92, stretch: 0.85 },
  },
  alertHidden: {
    id: 'P4',
    kind: 'alert',
    measure: 'event sent to alert painted, widget hidden',
    ...{ unit: 'ms', rival: 'new window', compare: 'times as fast', goal: 4, stretch: 10 },
  },
  alertMinimised: {
    id: 'P4',
    kind: 'alert',
    measure: 'event sent to alert painted, widget minimised',
    ...{ unit: 'ms', rival: 'new window', compare: 'times as fast', goal: 4, stretch: 10 },
  },
  alertHiddenLatest: {
    id: 'P4',
    kind: 'alert',
    measure: 'event sent to alert painted, widget hidden: 99 of 100',
    ...{ unit: 'ms', compare: 'p99', goal: 25, stretch: 20 },
  },
  alertMinimisedLatest: {
    id: 'P4',
    kind: 'alert',
    measure: 'event sent to alert painted, widget minimised: 99 of 100',
    ...{ unit: 'ms', compare: 'p99', goal: 25, stretch: 20 },
  },
  alertUnrecorded: {
    id: 'P4',
    kind: 'alert',
    measure: 'alerts on screen that were not in the journal yet',
    ...{ unit: 'alerts', compare: 'most', goal: 0, stretch: 0 },
  },
  idleVisible: {
    id: 'P5',
    kind: 'idle',
    measure: 'CPU at rest, visible with a timer that ticks',
    ...{ unit: '%', rival: blank, compare: 'times the rival', middle: 'mean', goal: 3, stretch: 2 },
  },
  // What the browser engine takes for any number that changes is no part of what can be saved.
  idleTicking: {
    id: 'P5',
    kind: 'idle',
    measure: 'CPU at rest, visible with a timer that ticks',
    ...{ unit: '%', rival: 'blank, a number ticks', compare: 'times the rival', middle: 'mean' },
    ...{ goal: 1.5, stretch: 1.2 },
  },
  idleHidden: {
    id: 'P5',
    kind: 'idle',
    measure: 'CPU at rest, hidden',
    ...{ unit: '%', rival: blank, compare: 'times the rival', middle: 'mean', goal: 1.3, stretch: 1 },
  },
  idleLocked: {
    id: 'P5',
    kind: 'idle',
    measure: 'CPU at rest, behind a locked screen',
    ...{ unit: '%', rival: blank, compare: 'times the rival', middle: 'mean', goal: 1.3, stretch: 1 },
  },
  commit: {
    id: 'P6',
    kind: 'commit',
    measure: 'durable commit of one fact, 10,000 records',
    ...{ unit: 'ms', rival: 'append + fdatasync', compare: 'times the rival', goal: 2, stretch: 1.3 },
  },
  commitRoad: {
    id: 'P6',
    kind: 'commit',
    measure: 'fact received, reduced and durable, 10,000 records',
    ...{ unit: 'ms', rival: 'append + fdatasync', compare: 'times the rival', goal: 2, stretch: 1.3 },
  },
  commitRewrite: {
    id: 'P6',
    kind: 'commit',
    measure: 'durable commit of one fact, 10,000 records',
    ...{ unit: 'ms', rival: 'electron-store', compare: 'times as fast', goal: 50, stretch: 150 },
  },
  reviewTyped: {
    id: 'P7',
    kind: 'review',
    measure: 'key pressed to rows painted, 100,000 records',
    ...{ unit: 'ms', compare: 'p95', goal: 33, stretch: 16 },
  },
  reviewTypedMillion: {
    id: 'P7',
    kind: 'review',
    measure: 'key pressed to rows painted, 1,000,000 records',
    ...{ unit: 'ms', compare: 'p95', goal: 250, stretch: 250 },
  },
  floodInput: {
    id: 'P8',
    kind: 'flood',
    measure: 'key pressed to the next paint (INP), 200 events a second',
    ...{ unit: 'ms', compare: 'p98', goal: 100, stretch: 50 },
  },
  floodLost: {
    id: 'P8',
    kind: 'flood',
    measure: 'events and letters lost meanwhile',
    ...{ unit: 'lost', compare: 'most', goal: 0, stretch: 0 },
  },
  reduce: {
    id: 'P9',
    kind: 'reduce',
    measure: 'one fact decoded and reduced',
    ...{ unit: 'µs', rival: 'immer', compare: 'times as fast', goal: 2, stretch: 5 },
  },
  size: {
    id: 'P10',
    kind: 'size',
    measure: 'installed size beyond the bare runtime',
    ...{ unit: 'MB', compare: 'median', goal: 20, stretch: 12 },
  },
  workdayMemory: {
    id: 'P11',
    kind: 'workday',
    measure: 'memory (PSS) after 8 hours and 500 shares',
    ...{ unit: 'MB', rival: 'that morning', compare: 'times the rival', goal: 1.05, stretch: 1.02 },
  },
  workdayHandles: {
    id: 'P11',
    kind: 'workday',
    measure: 'open files and sockets more than that morning',
    ...{ unit: 'handles', compare: 'most', goal: 0, stretch: 0 },
  },
  workdayListeners: {
    id: 'P11',
    kind: 'workday',
    measure: 'listeners more than that morning, main and page',
    ...{ unit: 'listeners', compare: 'most', goal: 0, stretch: 0 },
  },
  workdayFile: {
    id: 'P11',
    kind: 'workday',
    measure: 'database file after 500 shares',
    ...{ unit: 'MB', rival: 'calculated', compare: 'times the rival', goal: 1.05, stretch: 1.02 },
  },
  archiveIntake: {
    id: 'A1',
    kind: 'archive',
    measure: '1,000 records into the archive, 8 desks at once',
    // 60 % of the engine's own rate.
    ...{ unit: 'ms', rival: 'the engine alone', compare: 'times the rival', goal: 1.67, stretch: 1.25 },
  },
  archiveReturn: {
    id: 'A2',
    kind: 'archive',
    measure: '10,000 desks back with 120 records each',
    ...{ unit: 's', compare: 'median', goal: 600, stretch: 300 },
  },
  archiveRefused: {
    id: 'A2',
    kind: 'archive',
    measure: 'records of theirs refused for good',
    ...{ unit: 'records', compare: 'most', goal: 0, stretch: 0 },
  },
});
/** @typedef {keyof typeof goals} GoalName */

export const goalNames = /** @type {GoalName[]} */ (Object.keys(goals));

/**
 * @param {string | undefined} only the name of a kind, or the id of a goal it measures; default: everything
 * @returns {Kind[]} none where there is nothing of that name
 */
export function kindsOf(only) {
  if (only === undefined) return [...kinds];
  const ids = goalNames.map((name) => goals[name]).filter(({ id }) => id === only.toUpperCase());
  return kinds.filter((kind) => kind === only || ids.some((goal) => goal.kind === kind));
}
