import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Communication } from '../../../domain/communication/communication.ts';
import { present } from '../../../domain/present/present.ts';
import { orderCodes } from '../../../domain/codes/ranking.ts';
import { submission, draft, model, reading } from './known.ts';
import { at, ended, live, ms, one, type Told } from './wire.ts';

/** Communication `name` of its own conversation, seen first at `seconds`. */
function named(name: string, seconds: number, told: Told = {}): Communication {
  const communication = one({ ...told, conversation: { id: name } });
  return { ...communication, firstSeenAt: at(seconds) };
}
const wrapUp = (name: string, seconds: number, limitMs?: number): Communication =>
  named(name, seconds, {
    leg: ended,
    agent: limitMs === undefined ? {} : { wrapupPrompt: 'timeout', wrapupTimeoutMs: limitMs },
  });

const mandatory = one({ leg: ended });
const forced = one({
  leg: ended,
  agent: { wrapupPrompt: 'forcedTimeout', wrapupTimeoutMs: 60_000, startAcwTime: at(15) },
});

describe('the prompt', () => {
  it('comes with the end, with everything needed to decide', () => {
    const codes = [{ id: 'code-1', name: 'Resolved' }];
    const known = model([forced], { codes: { [forced.key]: { from: 'server', codes, problem: '' } } });
    expect(reading(known, 16).prompt).toEqual({
      key: forced.key,
      subject: 'Ana Lima · Billing',
      customer: 'Ana Lima',
      queue: 'Billing',
      picks: [],
      saved: false,
      ended: 'You ended it',
      connected: false,
      policy: 'forcedTimeout',
      codeRequired: true,
      codes: [{ id: 'code-1', name: 'Resolved', description: '', favourite: false, used: false }],
      codesFrom: 'server',
      codesProblem: '',
      draft: { code: null, name: null, notes: '', revision: 0 },
      notesLimit: 10_000,
      clock: { mode: 'until', at: ms(75), totalMs: 60_000, label: 'after-call work' },
      nextStatus: null,
      atZero: 'When time is up, Genesys closes this without a code.',
      nudge: '',
      actions: ['save', 'later'],
      conflict: null,
      behind: 0,
    });
  });

  it('is not there while it lasts, unless the agent opens it; then only to write', () => {
    const communication = one({ leg: live });
    expect(reading(model([communication]), 16).prompt).toBeNull();
    const opened = reading(model([communication], { opened: communication.key }), 16).prompt;
    expect(opened).toMatchObject({ connected: true, ended: '', clock: null, actions: ['later'] });
  });

  it('goes when it is decided; under forced after-call work it stays, as it was saved', () => {
    expect(reading(model([mandatory], { submissions: [submission(mandatory)] }), 21).prompt).toBeNull();
    const saved = reading(model([forced], { submissions: [submission(forced)] }), 21).prompt;
    expect(saved).toMatchObject({
      actions: ['save', 'later'],
      draft: { code: 'code-1', name: 'Resolved', notes: 'a note', revision: 0 },
    });
  });

  it('of forced after-call work says that it is saved, until it is written in again', () => {
    const known = model([forced], { submissions: [submission(forced, { state: 'confirmed' })] });
    const { status } = reading(known, 21);
    expect(status).toMatchObject({
      phase: 'wrapUp',
      title: 'Saved – finishes when time is up',
      who: ['Ana Lima', 'Billing'],
      detail: 'Resolved · sent by me',
      clock: { mode: 'until', at: ms(75) },
      decided: true,
    });
    const writing = { ...known, drafts: { [forced.key]: draft(forced) } };
    expect(reading(writing, 21).status).toMatchObject({ title: 'Wrap up', decided: false });
  });

  it('of forced after-call work, once saved, lets those go first that are not decided', () => {
    const other = named('other', 18, { leg: ended });
    const known = model([forced, other], { submissions: [submission(forced, { state: 'confirmed' })] });
    const { prompt, status } = reading(known, 21);
    expect(prompt).toMatchObject({ key: other.key, behind: 0 });
    expect(status.key).toBe(other.key);
    expect(status.others).toMatchObject([{ key: forced.key, actions: ['openWrapUp'] }]);
    expect(reading({ ...known, opened: forced.key }, 21).prompt?.key).toBe(forced.key);
  });

  it('shows what is being written over what was saved, also where that is nothing', () => {
    const writing = draft(forced, { code: null, name: null, notes: '' });
    const known = model([forced], { submissions: [submission(forced)], drafts: { [forced.key]: writing } });
    expect(reading(known, 21).prompt?.draft).toEqual({ code: null, name: null, notes: '', revision: 3 });
  });

  it('comes back with the words when the server refused them', () => {
    const refused = submission(mandatory, { state: 'failed', problem: 'No.' });
    expect(reading(model([mandatory], { submissions: [refused] }), 21).prompt).toMatchObject({
      conflict: null,
      actions: ['done', 'later'],
      draft: { code: 'code-1', notes: 'a note' },
    });
  });

  it('of a conflict shows both versions and leaves the choice', () => {
    const theirs = { code: 'ININ-WRAP-UP-TIMEOUT', name: null, notes: null };
    const conflict = submission(mandatory, { state: 'conflict', theirs });
    const state = reading(model([mandatory], { submissions: [conflict] }), 21);
    expect(state.status).toMatchObject({
      phase: 'conflict',
      title: 'Genesys already closed this wrap-up',
      detail: 'Timed out – no code',
    });
    expect(state.prompt).toMatchObject({
      conflict: { mine: 'Resolved · “a note”', theirs: 'Timed out – no code' },
      actions: ['sendMine', 'keepTheirs', 'later'],
    });
    const skip = submission(mandatory, {
      kind: 'skip',
      code: null,
      name: null,
      notes: '',
      state: 'conflict',
      theirs,
    });
    expect(reading(model([mandatory], { submissions: [skip] }), 21).prompt?.conflict?.mine).toBe('Skipped');
  });

  it('put off is a line in the status, and opens again', () => {
    const later = reading(model([mandatory], { postponed: [mandatory.key] }), 21);
    expect(later.prompt).toBeNull();
    expect(later.status).toMatchObject({ title: 'Wrap up – later', actions: ['openWrapUp'] });
    const again = reading(model([mandatory], { postponed: [mandatory.key], opened: mandatory.key }), 21);
    expect(again.prompt?.key).toBe(mandatory.key);
  });
});

describe('several at once', () => {
  const order = (...communications: Communication[]): (string | null)[] => {
    const { status } = reading(model(communications), 30);
    return [status, ...status.others].map(({ key }) => key?.split('/')[0] ?? null);
  };

  it('on air comes first, then what rings, then what lasts, then what is to be written', () => {
    const all = [
      wrapUp('wrap-up', 1),
      named('viewing', 2, { leg: live }),
      named('alerting', 3, { leg: { state: 'alerting', startAlertingTime: at(3) } }),
      named('sharing', 4, { leg: { ...live, sharing: true } }),
      named('dialing', 5, { leg: { state: 'dialing' } }),
    ];
    expect(order(...all)).toEqual(['sharing', 'alerting', 'viewing', 'dialing', 'wrap-up']);
  });

  it('prompts queue by deadline, then by age; the number behind is told', () => {
    const all = [wrapUp('young', 9), wrapUp('late', 1, 90_000), wrapUp('soon', 2, 60_000), wrapUp('old', 3)];
    expect(order(...all)).toEqual(['soon', 'late', 'old', 'young']);
    expect(reading(model(all), 30).prompt).toMatchObject({
      key: expect.stringMatching(/^soon/) as string,
      behind: 3,
    });
  });

  it('what was put off waits behind everything else', () => {
    const [first, second] = [wrapUp('first', 1, 60_000), wrapUp('second', 2)];
    const { prompt, status } = reading(model([first, second], { postponed: [first.key] }), 30);
    expect(prompt).toMatchObject({ key: second.key, behind: 0 });
    expect(status.others.map(({ key }) => key)).toEqual([first.key]);
  });

  it('is the same order however they are told, also of what came in the same moment', () => {
    const all = [
      ...['a', 'b', 'c', 'd'].map((name) => wrapUp(name, 5)),
      ...['e', 'f', 'g'].map((name) =>
        named(name, 5, { leg: { state: 'alerting', startAlertingTime: at(5) } }),
      ),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
        expect(order(...shuffled)).toEqual(order(...all));
      }),
    );
  });

  it('while on air nothing on screen names a customer', () => {
    const onAir = named('sharing', 1, { leg: { ...live, sharing: true } });
    const others = [
      wrapUp('wrap-up', 2),
      named('alerting', 3, { leg: { state: 'alerting', startAlertingTime: at(3) } }),
      named('viewing', 4, {
        leg: live,
        customer: { screenshares: [{ id: 'leg-c', state: 'connected', sharing: true }] },
      }),
    ];
    const waiting = wrapUp('waiting', 5);
    const submissions = [submission(waiting)];
    expect(JSON.stringify(reading(model([onAir, ...others, waiting], { submissions }), 30))).not.toContain(
      'Ana Lima',
    );
    expect(JSON.stringify(reading(model([...others, waiting], { submissions }), 30))).toContain('Ana Lima');
  });

  describe('while on air', () => {
    const onAir = named('sharing', 1, { leg: { ...live, sharing: true } });
    const late = named('later', 1, { leg: { ...live, sharing: true } });
    const waiting = wrapUp('waiting', 2);
    const disputed = wrapUp('disputed', 3);
    const theirs = { code: 'code-2', name: 'Callback', notes: 'their secret' };
    const said = model([onAir, waiting, disputed], {
      drafts: { [waiting.key]: draft(waiting, { notes: 'my secret' }) },
      submissions: [submission(disputed, { state: 'conflict', notes: 'another secret', theirs })],
    });

    it('no prompt comes by itself: each is a line to be opened, and no notes are in sight', () => {
      const state = reading(said, 30);
      expect(state.prompt).toBeNull();
      expect(JSON.stringify(state)).not.toContain('secret');
      expect(state.status.others).toMatchObject([
        { key: disputed.key, phase: 'conflict' },
        { key: waiting.key, title: 'Wrap up', actions: ['openWrapUp'] },
      ]);
    });

    it('the agent may open one, to write or to choose', () => {
      const asked = { ...said, openedOnAir: onAir.key };
      expect(reading({ ...asked, opened: waiting.key }, 30).prompt?.draft.notes).toBe('my secret');
      expect(reading({ ...asked, opened: disputed.key }, 30).prompt?.conflict?.theirs).toContain('secret');
    });

    it('what was open before the screen went on air is put away', () => {
      const opened = { opened: waiting.key };
      expect(reading({ ...said, ...opened, openedOnAir: null }, 30).prompt).toBeNull();
      const again = { ...model([late, waiting]), ...opened, openedOnAir: onAir.key };
      expect(reading(again, 30).prompt).toBeNull();
    });

    it('they are back when the share has ended', () => {
      const after = model([waiting], { drafts: said.drafts, opened: waiting.key });
      expect(reading(after, 30).prompt?.draft.notes).toBe('my secret');
    });
  });
});

describe('codes', () => {
  it('favourites come first, then the most used, then as the server lists them', () => {
    const codes = ['a', 'b', 'c', 'd'].map((id) => ({ id, name: id.toUpperCase() }));
    const use = (
      code: string,
      uses: number,
      favourite = false,
    ): Parameters<typeof orderCodes>[1][number] => ({
      code,
      uses,
      favourite,
      lastUsedAt: at(0),
    });
    const ordered = orderCodes(codes, [use('c', 5), use('d', 1, true), use('gone', 99, true)]);
    expect(ordered.map(({ id, favourite }) => [id, favourite])).toEqual([
      ['d', true],
      ['c', false],
      ['a', false],
      ['b', false],
    ]);
  });
});

describe('the outbox', () => {
  it('shows what is not confirmed, and counts it in words', () => {
    const state = reading(
      model([mandatory], {
        submissions: [
          submission(mandatory, { id: '1', state: 'confirmed' }),
          submission(mandatory, { id: '2', state: 'dropped' }),
          submission(mandatory, { id: '3', state: 'waiting', problem: 'No network.' }),
          submission(mandatory, { id: '4', state: 'accepted', kind: 'skip', code: null, name: null }),
          submission(mandatory, { id: '5', state: 'failed', problem: 'No.' }),
          submission(mandatory, { id: '6', key: 'unknown/now/gone', state: 'conflict' }),
        ],
      }),
      21,
    );
    expect(state.outbox.words).toBe(
      '1 needs your choice · 1 couldn’t be sent · 1 waiting to send · 1 sent, waiting for confirmation',
    );
    expect(state.outbox.items.map(({ id, words, problem }) => [id, words, problem])).toEqual([
      ['3', 'Resolved – Ana Lima · Billing', 'No network.'],
      ['4', 'Skip – Ana Lima · Billing', ''],
      ['5', 'Resolved – Ana Lima · Billing', 'No.'],
      ['6', 'Resolved – Screen share', ''],
    ]);
  });

  it('says nothing when there is nothing', () => {
    expect(present(model(), ms(1)).state.outbox).toEqual({ items: [], held: [], words: '' });
  });
});
