import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Communication } from '../../../domain/communication/communication.ts';
import { reduceAgain } from '../../../domain/communication/reduce-again.ts';
import type { LocalDatabase } from '../../../domain/database.ts';
import { createPendingWrites } from '../../../electron/tracker/pending-writes.ts';
import { anyDay, onTheWire, type Day } from '../domain/day.ts';
import { runs } from '../size.ts';
import { createNotebook, type Notebook } from './notebook.ts';
import { arrival, createRig, settled, type Rig } from './rig.ts';

const conversations = 3;
const hanging = ['commit', 'communicationsOf', 'deleteRecords'] as const;

type Step =
  | {
      readonly kind: 'fact';
      readonly conversation: number;
      readonly which: number;
      /** Whether the next step comes only when this fact is taken. */
      readonly isAwaited: boolean;
    }
  | { readonly kind: 'missing'; readonly conversation: number }
  | { readonly kind: 'trouble'; readonly trouble: Notebook['trouble'] }
  | { readonly kind: 'hang'; readonly call: (typeof hanging)[number] }
  | {
      readonly kind:
        | 'answer'
        | 'close'
        | 'reopen'
        | 'back up'
        | 'restore'
        | 'begin anew'
        | 'restart'
        | 'delete'
        | 'write something else';
    };

const anyConversation = fc.nat({ max: conversations - 1 });
const anyFact = fc.record({
  kind: fc.constant('fact' as const),
  conversation: anyConversation,
  which: fc.nat({ max: 11 }),
  isAwaited: fc.boolean(),
});
/** With one and the same database from beginning to end, and the same program. */
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: anyFact },
  fc.record({ kind: fc.constant('missing' as const), conversation: anyConversation }),
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('trouble' as const),
      trouble: fc.constantFrom('none', 'none', 'full', 'gone', 'dies'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('hang' as const), call: fc.constantFrom(...hanging) }),
  },
  fc.record({
    kind: fc.constantFrom('answer', 'answer', 'close', 'reopen', 'reopen', 'write something else'),
  }),
);
const anyOtherStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: anyStep },
  fc.record({ kind: fc.constantFrom('back up', 'restore', 'begin anew', 'restart', 'delete', 'delete') }),
);

/** Facts of a few conversations, and a database that fails, hangs, comes back and is replaced meanwhile. */
class World {
  notebook = createNotebook();
  /** Numbers of the facts that came. */
  readonly came: number[] = [];

  private readonly days: readonly Day[];
  private readonly room: number;
  private rig: Rig;
  private number = 0;
  private isOpen = true;
  private isDead = false;
  private backup = createNotebook();
  private releases = new Map<string, () => void>();
  private readonly underWay: Promise<unknown>[] = [];

  constructor(days: readonly Day[], room: number) {
    this.days = days;
    this.room = room;
    this.rig = this.start();
  }

  private start(): Rig {
    const rig = createRig({}, createPendingWrites({ facts: this.room, size: 1 << 20 }));
    rig.recording.detach();
    rig.recording.attach(this.notebook, this.facts());
    return rig;
  }

  private facts(): number {
    return this.notebook.journal.length + this.notebook.deleted();
  }

  /** Waits for something that may hang: then so much time passes that nobody waits any longer. */
  private async finish(work: Promise<unknown>): Promise<void> {
    const state = { isDone: false };
    const end = (): void => void (state.isDone = true);
    work.then(end, end);
    await settled();
    while (!state.isDone) {
      this.rig.timePasses();
      await settled();
    }
  }

  private async answer(): Promise<void> {
    for (const release of this.releases.values()) release();
    this.releases.clear();
    await settled();
  }

  private arrive(conversation: number, which: number): Promise<void> {
    this.number += 1;
    this.rig.now = 10 + this.number;
    const day = this.days[conversation];
    const told = day?.told[which % Math.max(1, day.told.length)];
    const content = day && told ? onTheWire(day, told) : { participants: [] };
    const value = { ...(content as object), id: `conversation-${conversation}`, number: this.number };
    this.came.push(this.number);
    return this.rig.tracker.arrived(
      arrival(value, told?.dialect === 'rest' ? 'rest' : 'socket', this.rig.now),
    );
  }

  private async close(): Promise<void> {
    this.rig.recording.detach();
    this.isOpen = false;
    // What its thread had begun ends before another one may write.
    await this.answer();
  }

  /** As whoever keeps the database does it. */
  private async open(notebook: Notebook): Promise<void> {
    this.notebook = notebook;
    notebook.trouble = 'none';
    this.isOpen = true;
    this.isDead = false;
    this.rig.recording.attach(notebook, this.facts());
    await this.finish(this.rig.tracker.catchUp());
    this.rig.tracker.recollect(await notebook.recollect());
  }

  /** What the former one had begun may end at any time after that. */
  private async replace(notebook: Notebook): Promise<void> {
    const late = this.releases;
    this.releases = new Map();
    this.rig.recording.detach();
    await this.open(notebook);
    for (const release of late.values()) release();
  }

  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case 'fact': {
        const taken = this.arrive(step.conversation, step.which);
        this.underWay.push(taken);
        if (step.isAwaited) await this.finish(taken);
        return;
      }
      case 'missing':
        return this.finish(this.rig.tracker.missing(`conversation-${step.conversation}`));
      case 'trouble':
        // A thread that has ended does not come back by itself.
        this.isDead ||= step.trouble === 'dies' && this.isOpen;
        if (!this.isDead || step.trouble === 'dies') this.notebook.trouble = step.trouble;
        return;
      case 'hang':
        if (!this.releases.has(step.call)) this.releases.set(step.call, this.notebook.hold(step.call));
        return;
      case 'answer':
        return this.answer();
      case 'close':
        return this.close();
      case 'reopen':
        await this.close();
        return this.open(this.notebook);
      case 'back up':
        this.backup = createNotebook(this.notebook);
        return;
      case 'restore':
        return this.replace(createNotebook(this.backup));
      case 'begin anew':
        return this.replace(createNotebook());
      case 'restart':
        await this.close();
        await this.finish(Promise.all(this.underWay));
        this.rig = this.start();
        return this.open(this.notebook);
      case 'delete':
        return this.finish(this.notebook.deleteRecords({ kind: 'all' }, this.rig.tracker.betweenFacts));
      case 'write something else':
        return this.finish(
          this.rig.recording.attempt((database: LocalDatabase) => database.setFavourite('x', true)),
        );
    }
  }

  /** Everything is well again, and each conversation is heard of once more. */
  async end(): Promise<void> {
    await this.close();
    await this.open(this.notebook);
    await this.finish(Promise.all(this.underWay));
    for (let conversation = 0; conversation < conversations; conversation += 1)
      await this.finish(this.arrive(conversation, 0));
  }

  /** Numbers of the facts in the journal. */
  written(): number[] {
    return this.notebook.journal
      .filter(({ source, body }) => source !== 'held' && body.includes('"number"'))
      .map(({ body }) => (JSON.parse(body) as { number: number }).number);
  }

  stored(): Record<string, Communication> {
    return Object.fromEntries(this.notebook.communications);
  }

  reducedFromTheJournal(): Record<string, Communication> {
    const known = new Map<string, Communication>();
    for (const entry of this.notebook.journal) {
      const id = entry.context?.conversationId;
      const before = [...known.values()].filter(({ conversationId }) => conversationId === id);
      const reduced = reduceAgain(entry, before, (body) => JSON.parse(body) as Communication[]);
      expect(reduced.kind === 'reduced' || entry.context === null).toBe(true);
      if (reduced.kind === 'reduced') for (const one of reduced.changed) known.set(one.key, one);
    }
    return Object.fromEntries(known);
  }

  /** What the last facts were about. */
  shown(): Communication[] {
    const since = this.came.length - conversations;
    const { communications } = this.rig.store.model.getState();
    return Object.values(communications).filter(({ lastSeenAt }) => Date.parse(lastSeenAt) > this.at(since));
  }

  private at(number: number): number {
    return Date.parse(arrival({}, 'rest', 10 + number).receivedAt);
  }
}

const anyDays = fc.tuple(anyDay, anyDay, anyDay);

async function live(days: readonly Day[], steps: readonly Step[], room: number): Promise<World> {
  const world = new World(days, room);
  for (const step of steps) await world.take(step);
  await world.end();
  expect(world.stored()).toEqual(world.reducedFromTheJournal());
  for (const shown of world.shown()) expect(shown).toEqual(world.stored()[shown.key]);
  const written = world.written();
  expect(written).toEqual([...new Set(written)].sort((a, b) => a - b));
  return world;
}

describe('a database that fails, hangs and comes back', () => {
  it('has every fact once and in order, and the records they make', async () => {
    await fc.assert(
      fc.asyncProperty(anyDays, fc.array(anyStep, { maxLength: 40 }), async (days, steps) => {
        const world = await live(days, steps, 1000);
        expect(world.written()).toEqual(world.came);
      }),
      runs('TRUTH', 150),
    );
  }, 120_000);

  it('or is restored, begun anew, deleted from, or has no room, still has the records its facts make', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyDays,
        fc.array(anyOtherStep, { maxLength: 40 }),
        fc.constantFrom(3, 1000),
        async (days, steps, room) => {
          await live(days, steps, room);
        },
      ),
      runs('TRUTH', 150),
    );
  }, 120_000);
});
