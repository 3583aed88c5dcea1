import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Conversation } from '../../../domain/model/screenshare.ts';
import { startPeriodicReading } from '../../../electron/tracker/rereads.ts';
import { at, conversation, ended, live } from '../domain/wire.ts';
import { runs } from '../size.ts';
import { done, refused } from '../../../domain/toolbox/result.ts';
import { arrival, createRig, settled, type Rig } from './rig.ts';

/** What is done to one event on its way. */
type Fate = 'delivered' | 'lost' | 'late' | 'twice';

type Step =
  | { readonly kind: 'change'; readonly sharing: boolean; readonly peerCount: number; readonly fate: Fate }
  | { readonly kind: 'end'; readonly fate: Fate }
  | { readonly kind: 'latecomer'; readonly which: number }
  | { readonly kind: 'pass'; readonly seconds: number }
  /** The socket is gone, and back where the server answers: then everything is read again. */
  | { readonly kind: 'reconnect'; readonly answers: boolean }
  | { readonly kind: 'server'; readonly answers: 'well' | 'slowly' | 'not' };

const anyFate = fc.constantFrom<Fate>('delivered', 'delivered', 'lost', 'late', 'twice');
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('change' as const),
    sharing: fc.boolean(),
    peerCount: fc.nat({ max: 2 }),
    fate: anyFate,
  }),
  fc.record({ kind: fc.constant('end' as const), fate: anyFate }),
  fc.record({ kind: fc.constant('latecomer' as const), which: fc.nat({ max: 5 }) }),
  fc.record({ kind: fc.constant('pass' as const), seconds: fc.constantFrom(0, 0.2, 1, 5, 40) }),
  fc.record({ kind: fc.constant('reconnect' as const), answers: fc.boolean() }),
  fc.record({ kind: fc.constant('server' as const), answers: fc.constantFrom('well', 'slowly', 'not') }),
);

/** A server with one conversation of the agent, and a wire that loses, delays and repeats. */
class World {
  truth: Conversation = conversation({ leg: { ...live, peerCount: 0 } });
  over = false;
  answers: 'well' | 'slowly' | 'not' = 'well';
  readonly late: Conversation[] = [];

  private readonly rig: Rig;

  constructor(rig: Rig) {
    this.rig = rig;
    rig.onReread = () => this.read();
    startPeriodicReading({
      store: rig.store,
      relist: async () => ((await this.list()) ? done : refused('no answer')),
      clock: rig.clock,
    });
  }

  /** As the server has it when it is asked, whenever the answer comes. */
  async read(): Promise<boolean> {
    const { rig, truth, over, answers } = this;
    const askedAt = at(rig.now);
    if (answers === 'not') return false;
    if (answers === 'slowly') await new Promise<void>((resolve) => void rig.after(700, resolve));
    if (over) await rig.tracker.missing(truth.id);
    else await rig.tracker.arrived(arrival(truth, 'rest', rig.now, askedAt));
    return true;
  }

  async list(): Promise<boolean> {
    if (this.answers === 'not') return false;
    const { over } = this;
    if (!over) await this.read();
    await this.rig.tracker.listed(over ? [] : [this.truth.id], true);
    return true;
  }

  async hear(event: Conversation): Promise<void> {
    await this.rig.tracker.arrived(arrival(event, 'socket', this.rig.now));
  }

  async change(leg: Record<string, unknown>, fate: Fate): Promise<void> {
    this.truth = conversation({ leg: { ...live, ...leg } });
    if (fate === 'late' || fate === 'twice') this.late.push(this.truth);
    if (fate === 'delivered' || fate === 'twice') await this.hear(this.truth);
  }

  /** Answers take their time, so time has to pass meanwhile. */
  async reconnect(answers: boolean): Promise<void> {
    const { rig } = this;
    rig.tracker.link({ kind: 'stale' });
    if (!answers) return;
    const listing = this.list();
    await rig.pass(10);
    if (await listing) rig.tracker.link({ kind: 'live' });
  }

  async take(step: Step): Promise<void> {
    const { rig } = this;
    switch (step.kind) {
      case 'change':
        if (!this.over) await this.change({ sharing: step.sharing, peerCount: step.peerCount }, step.fate);
        return;
      case 'end':
        if (this.over) return;
        // Ended and gone: its last event may be all that is ever heard of that.
        this.over = true;
        await this.change(
          { ...ended, sharing: false, peerCount: 0, afterCallWork: { state: 'skipped' } },
          step.fate,
        );
        return;
      case 'latecomer': {
        const [event] = this.late.splice(step.which % Math.max(1, this.late.length), 1);
        if (event) await this.hear(event);
        return;
      }
      case 'pass':
        return rig.pass(step.seconds);
      case 'reconnect':
        return this.reconnect(step.answers);
      case 'server':
        this.answers = step.answers;
        return;
    }
  }
}

describe('a wire that loses, delays and repeats', () => {
  it('leaves nothing wrong that is shown as confirmed, once there was time to ask', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 25 }), async (steps) => {
        const rig = createRig();
        const world = new World(rig);
        await world.hear(world.truth);
        for (const step of steps) await world.take(step);
        // The server answers again; what was still on its way comes now, and nothing is said after that.
        world.answers = 'well';
        if (rig.store.model.getState().link.kind !== 'live') await world.reconnect(true);
        for (const event of world.late.splice(0)) await world.hear(event);
        await rig.pass(125);
        await settled();

        const { status } = rig.store.app.getState();
        const { sharing, peerCount } = world.truth.participants[1]?.screenshares?.[0] ?? {};
        expect(status.confirmed).toBe(true);
        if (world.over) expect(['idle', 'wrappedUp']).toContain(status.phase);
        else expect(status.phase).toBe(sharing === true ? 'sharing' : 'viewing');
        const [shown] = Object.values(rig.store.model.getState().communications);
        if (!world.over) expect(shown?.screenshare.peerCount).toBe(peerCount);
        rig.tracker.stop();
      }),
      runs('TRUTH', 150),
    );
  }, 120_000);
});
