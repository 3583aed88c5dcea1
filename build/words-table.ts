import { afterCallWorkStates, communicationStates, disconnectTypes } from '../domain/model/values.ts';
import { explain, type Cell } from '../domain/words/explain.ts';

/** What is asked about every cell. */
export interface TableOptions {
  readonly answered: boolean;
  /** The queue's policy for after-call work; undefined when the server names none. */
  readonly policy: string | undefined;
}

const head = [
  'State',
  'Disconnect type',
  'After-call work',
  'Sharing',
  'Glyph',
  'Words',
  'Next step',
] as const;

/** Every combination of the known values, and of a value that is absent. */
export function* allCells({ answered, policy }: TableOptions): Generator<Cell> {
  for (const state of [...communicationStates, null])
    for (const disconnectType of [null, ...disconnectTypes])
      for (const afterCallWorkState of [null, ...afterCallWorkStates])
        for (const sharing of [false, true]) {
          const cell = { state, disconnectType, afterCallWorkState, sharing, answered };
          yield policy === undefined ? cell : { ...cell, policy };
        }
}

/** One line for each cell below a line of names; an absent value is shown as "–". */
export function wordsTable(options: TableOptions): string[][] {
  const rows = [...allCells(options)].map((cell) => {
    const { glyph, words, nextStep } = explain(cell);
    const { state, disconnectType, afterCallWorkState, sharing } = cell;
    const values = [state, disconnectType, afterCallWorkState].map((value) => value ?? '–');
    return [...values, sharing ? 'on' : 'off', glyph, words, nextStep];
  });
  return [[...head], ...rows];
}
