import { isWorldAct, type Act, type Beat } from './acts.ts';
import type { AgendaItem, SimConversation, World } from './world.ts';

/** Writes an act into the agenda. `owner`: the conversation whose next phase cancels it. */
export function plan(world: World, at: number, act: Act, owner: string | null = null): void {
  world.sequence += 1;
  world.agenda.push({ at, sequence: world.sequence, act, owner });
}

/** Writes a phase's beats, each meaning this conversation. */
export function planBeats(
  world: World,
  conversation: SimConversation,
  beats: readonly Beat[],
  now: number,
): void {
  for (const { afterMs, act } of beats) {
    const named = isWorldAct(act) ? act : { ...act, conversationId: conversation.id };
    plan(world, now + afterMs, named, conversation.id);
  }
}

/** What is written for a phase that has ended never happens. */
export function cancelFor(world: World, conversationId: string): void {
  world.agenda = world.agenda.filter(({ owner }) => owner !== conversationId);
}

/** When the next item is due; null when the agenda is empty. */
export function nextDue(world: World): number | null {
  return world.agenda.reduce<number | null>(
    (least, { at }) => (least === null || at < least ? at : least),
    null,
  );
}

/** Takes out the earliest item that is due at `now`. */
export function takeDue(world: World, now: number): AgendaItem | undefined {
  const due = world.agenda
    .filter(({ at }) => at <= now)
    .reduce<AgendaItem | undefined>(
      (first, item) => (first && precedes(first, item) ? first : item),
      undefined,
    );
  if (due) world.agenda = world.agenda.filter((item) => item !== due);
  return due;
}

function precedes(one: AgendaItem, other: AgendaItem): boolean {
  return one.at < other.at || (one.at === other.at && one.sequence < other.sequence);
}
