import { describe, expect, it } from 'vitest';
import type { KnownState } from '../../../domain/present/known-state.ts';
import { present } from '../../../domain/present/present.ts';
import { gateShutsAt, isGateShut } from '../../../domain/present/share-gate.ts';
import { createCommunicationCommands } from '../../../electron/handlers/communication-commands.ts';
import { createStateStore } from '../../../electron/tracker/state.ts';
import { freshSettings, model } from '../domain/known.ts';
import { agentId, one } from '../domain/wire.ts';
import { stoppedAfterwards } from '../stores.ts';

const minute = 60_000;
/** Of the machine's own day, wherever the test runs. */
const morning = new Date(2026, 10, 30, 8, 0).getTime();
const midnight = new Date(2026, 11, 1).getTime();

function gated(change: Partial<KnownState> = {}): KnownState {
  const alerting = one({ leg: { state: 'alerting' } });
  return model([alerting], { settings: { ...freshSettings, shareGate: true }, ...change });
}
const accepted = (at: number): KnownState => gated({ gateAccepted: { [agentId]: at } });

describe('the gate before the first share of a day', () => {
  it('is shut until it is accepted, for that day and for that agent', () => {
    expect(isGateShut(gated(), morning)).toBe(true);
    expect(isGateShut(accepted(morning), morning + minute)).toBe(false);
    expect(isGateShut(accepted(morning), midnight - 1)).toBe(false);
    expect(isGateShut(accepted(morning), midnight)).toBe(true);
    expect(isGateShut(gated({ gateAccepted: { somebody: morning } }), morning)).toBe(true);
    // The desktop's day, not that of this machine's own clock.
    const late = { ...accepted(midnight - minute), wallOffsetMs: 2 * minute };
    expect(isGateShut(late, midnight + 5 * minute)).toBe(false);
  });

  it('shuts by itself at midnight', () => {
    const { state, recheckAt } = present(accepted(morning), morning + minute);
    expect(state.gate).toBe(false);
    expect(recheckAt).toBeLessThanOrEqual(midnight);
    expect(gateShutsAt(accepted(morning), morning)).toBe(midnight);
    expect(gateShutsAt({ ...accepted(morning), wallOffsetMs: minute }, morning)).toBe(midnight - minute);
    expect(gateShutsAt(model(), morning)).toBeNull();
  });

  it('is nobody’s where no policy asks for it, in the demo, and before it is known whose it is', () => {
    expect(isGateShut(model(), morning)).toBe(false);
    expect(isGateShut(gated({ source: { kind: 'simulator', demo: true } }), morning)).toBe(false);
    expect(isGateShut(gated({ person: null }), morning)).toBe(false);
  });

  it('keeps an alert from being answered, from wherever; and nothing else', async () => {
    const store = stoppedAfterwards(createStateStore(gated(), () => morning));
    const sent: string[] = [];
    const { act } = createCommunicationCommands({
      store,
      feed: () => ({
        send: (_target, { kind }) => {
          sent.push(kind);
          return Promise.resolve({ kind: 'accepted' });
        },
      }),
      ask: () => Promise.resolve(true),
      now: () => morning,
    });
    const key = Object.keys(store.model.getState().communications)[0] ?? '';
    expect(await act('answer', key)).toEqual({
      ok: false,
      reason: 'Confirm first that others may see your screen: your organisation asks for it once a day.',
    });
    expect((await act('decline', key)).ok).toBe(true);
    store.update(() => ({ gateAccepted: { [agentId]: morning } }));
    expect((await act('answer', key)).ok).toBe(true);
    expect(sent).toEqual(['disconnect', 'answer']);
  });
});
