import { cloudMs, type Clocks } from '../clocks/time.ts';
import type { Communication } from '../communication/communication.ts';
import { exposureOf, type ExposedTo } from '../communication/exposure.ts';
import { onAirSpans } from '../communication/on-air.ts';
import { say } from '../words/say.ts';
import { timeOfDay } from '../words/time-words.ts';
import type { FieldLine, FieldSection } from './field-words.ts';
import { timesWords } from './timeline.ts';

/** Who could see the agent's screen, in words: from when to when, how many, and which of them by name. */

function line(name: string, words: string): FieldLine {
  return { name, words, sent: null, clock: '', absent: false };
}

function spanWords(from: string, to: string | null, clocks: Clocks | undefined, locale: string): string {
  const fromMs = cloudMs({ iso: from, clock: 'cloud' }, clocks);
  const toMs = to === null ? null : cloudMs({ iso: to, clock: 'cloud' }, clocks);
  if (fromMs === null || (to !== null && toMs === null)) return say('review.timeline.undated');
  // By when it was heard of: exact to what a fact takes.
  return timesWords(fromMs, toMs, true, locale);
}

function nameOf({ how, name, purpose }: ExposedTo): string {
  if (how === 'recording' || how === 'screenRecording') return say('review.exposure.recorder');
  const who = name ?? say('review.exposure.unnamed');
  return purpose === null ? who : say('review.exposure.who', { name: who, purpose });
}

export function exposureSection(communication: Communication, locale: string): FieldSection {
  const exposure = exposureOf(communication);
  if (exposure === null) {
    const isSaid = !communication.exported || communication.exported.saysExposure === true;
    const nobody = line(say('review.exposure.nobody'), say('review.exposure.nobody.text'));
    const unknown = line(say('review.exposure.unknown'), say('review.exposure.unknown.text'));
    return { title: say('review.exposure'), lines: [isSaid ? nobody : unknown] };
  }
  const { clocks } = communication;
  const shared = onAirSpans(communication).map(({ from, to }) =>
    line(say('review.exposure.shared'), spanWords(from.iso, to?.iso ?? null, clocks, locale)),
  );
  const counts = exposure.counts.flatMap(({ at, count }) => {
    const ms = cloudMs({ iso: at, clock: 'cloud' }, clocks);
    return ms === null ? [] : [say('review.exposure.count', { count, time: timeOfDay(ms, locale, true) })];
  });
  const people = exposure.people.map((one) =>
    line(
      nameOf(one),
      say('review.exposure.howAndWhen', {
        how: say(`review.exposure.how.${one.how}`),
        when: spanWords(one.from, one.to, clocks, locale),
      }),
    ),
  );
  return {
    title: say('review.exposure'),
    lines: [
      ...shared,
      ...(counts.length > 0 ? [line(say('review.exposure.counts'), counts.join(', '))] : []),
      ...people,
    ],
  };
}
