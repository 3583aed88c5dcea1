import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Communication } from '../../../domain/communication/communication.ts';
import { reduceConversation } from '../../../domain/communication/reducer.ts';
import { afterCallWorkOf, isOver, isSharing, legStateOf } from '../../../domain/communication/phase.ts';
import { seed, size } from '../size.ts';
import { anyDay, onTheWire, type Day } from './day.ts';
import { extrasOf, restLeg, tell, type Dialect, type Truth } from './dialects.ts';
import { at, context, read } from './wire.ts';

/** What a record must say at last: nothing but the truth, and who told it. */
interface Model {
  readonly communicationId: string;
  readonly media: string;
  readonly screenshare: unknown;
  readonly stage: string;
  readonly afterCallWork: string;
  readonly sharing: boolean;
  readonly answered: boolean;
  readonly alertedAt: string | undefined;
  readonly startAcwTime: string | undefined;
  readonly endAcwTime: string | undefined;
  readonly wrapupSkipped: boolean | undefined;
  readonly queueName: string | undefined;
}

const afterCallWorkWords = new Map([
  ['pending', 'due'],
  ['complete', 'done'],
  ['skipped', 'skipped'],
]);

/** Written against the truth only: it knows no order, no earlier facts and no other record. */
function modelOf(truth: Truth, heard: ReadonlySet<Dialect>): Model {
  const over = truth.disconnectType !== undefined;
  const answered = truth.connectedTime !== undefined;
  const due = over && answered ? afterCallWorkWords.get(truth.afterCallWork?.state ?? '') : undefined;
  return {
    communicationId: truth.legId,
    media: truth.media,
    screenshare: {
      ...(JSON.parse(JSON.stringify(restLeg(truth))) as object),
      sharing: truth.sharing,
      ...extrasOf(heard),
    },
    stage: over ? 'over' : truth.state,
    afterCallWork: due ?? 'none',
    sharing: truth.sharing && !over,
    answered,
    alertedAt: truth.startAlertingTime,
    startAcwTime: truth.startAcwTime,
    endAcwTime: truth.endAcwTime,
    wrapupSkipped: truth.wrapupSkipped,
    queueName: 'Billing',
  };
}

function seen(one: Communication): Model {
  return {
    communicationId: one.communicationId,
    media: one.media,
    screenshare: one.screenshare,
    stage: legStateOf(one),
    afterCallWork: afterCallWorkOf(one),
    sharing: isSharing(one),
    answered: one.answered,
    alertedAt: one.alertedAt,
    startAcwTime: one.startAcwTime,
    endAcwTime: one.endAcwTime,
    wrapupSkipped: one.wrapupSkipped,
    queueName: one.queueName,
  };
}

type Records = ReadonlyMap<string, Communication>;

function hear(known: Records, fact: unknown, second: number): Records {
  const changed = reduceConversation([...known.values()], read(fact), context(second));
  return new Map([...known, ...changed.map((one) => [one.key, one] as const)]);
}

/** Which of the facts makes a record of a video: the first that says that it shares a screen. -1: none of them. */
function firstShareOf({ participantId }: Truth, day: Day): number {
  return day.told.findIndex((told) => {
    const { participants } = onTheWire(day, told) as { participants: { id: string; videos?: object[] }[] };
    const one = participants.find(({ id }) => id === participantId);
    return JSON.stringify(one?.videos ?? []).includes('"sharingScreen":true');
  });
}

/** A video nobody shared a screen in is no record. */
function isRecord(truth: Truth, day: Day): boolean {
  return truth.media === 'screenshare' || truth.sharing || firstShareOf(truth, day) >= 0;
}

/** Who told of each participant, as far as it was a record by then. */
function heardOf(day: Day): ReadonlyMap<string, ReadonlySet<Dialect>> {
  const heard = new Map<string, Set<Dialect>>();
  for (const [index, told] of day.told.entries()) {
    const whole = JSON.stringify(onTheWire(day, told));
    for (const truth of day.moments.at(-1) ?? []) {
      const { participantId, media } = truth;
      const first = firstShareOf(truth, day);
      if (media === 'video' && (first < 0 || index < first)) continue;
      if (!whole.includes(`"${participantId}"`)) continue;
      heard.set(participantId, (heard.get(participantId) ?? new Set()).add(told.dialect));
    }
  }
  return heard;
}

describe('a day of events, duplicated, late, out of order, partial and contradictory', () => {
  const from = seed();
  const runs = { numRuns: size('ORDERS', 300), ...(from === undefined ? {} : { seed: from }) };

  it('ends equal to the truth once the server is read, one record for each leg', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        let known: Records = new Map();
        day.told.forEach((told, index) => {
          const was = known;
          known = hear(known, onTheWire(day, told), 100 + index);
          for (const [key, before] of was) {
            const after = known.get(key);
            // On the way, too: what ended stays ended, and no record goes away.
            if (!after) throw new Error(`${key} went away`);
            if (isOver(before.screenshare) && !isOver(after.screenshare))
              throw new Error(`${key} lives again`);
          }
        });
        const last = day.moments.at(-1) ?? [];
        known = hear(known, tell('rest', last), 200);

        const heard = heardOf(day);
        const truth = last
          .filter((one) => isRecord(one, day))
          .map((one) => modelOf(one, heard.get(one.participantId) ?? new Set()));
        const byId = (a: Model, b: Model): number => a.communicationId.localeCompare(b.communicationId);
        expect([...known.values()].map(seen).sort(byId)).toEqual(truth.sort(byId));
        for (const one of known.values()) {
          const open = one.onAir.filter(({ to }) => to === undefined);
          expect(open).toEqual(isSharing(one) ? one.onAir.slice(-1) : []);
          expect(one.lastSeenAt).toBe(at(200));
        }
      }),
      runs,
    );
  });
});
