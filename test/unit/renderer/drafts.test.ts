import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Bridge } from '../../../domain/ipc/contract.ts';
import { createDrafts } from '../../../renderer/state/drafts.ts';

type Save = Bridge['saveDraft'];
type Saved = Parameters<Save>[0];

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const accept: Save = ({ revision }) =>
  Promise.resolve({ ok: true, value: { revision, durable: true, reason: '' } });
const refuse: Save = () => Promise.resolve({ ok: false, reason: 'The disk is full.' });
const untouched = { code: null, name: null, notes: '', revision: 0 };

function setUp(first: Save = accept) {
  const saved: Saved[] = [];
  let answer = first;
  const drafts = createDrafts((words) => {
    saved.push(words);
    return answer(words);
  });
  return { drafts, saved, answerWith: (next: Save) => (answer = next) };
}

describe('a draft', () => {
  it('is saved 120 ms after the last keystroke, and says so only then', async () => {
    const { drafts, saved } = setUp();
    const draft = drafts.open({ key: 'a', draft: untouched });
    expect(draft.store.getState().saving).toBe('kept');
    draft.change({ notes: 'W' });
    await vi.advanceTimersByTimeAsync(119);
    expect(saved).toEqual([]);
    expect(draft.store.getState()).toMatchObject({ notes: 'W', saving: 'writing' });
    await vi.advanceTimersByTimeAsync(1);
    expect(saved).toEqual([{ key: 'a', code: null, name: null, notes: 'W', revision: 1 }]);
    expect(draft.store.getState().saving).toBe('saved');
  });

  it('held by main alone is not called saved, and says why', async () => {
    const reason = 'New shares aren’t being recorded.';
    const { drafts } = setUp(({ revision }) =>
      Promise.resolve({ ok: true, value: { revision, durable: false, reason } }),
    );
    const draft = drafts.open({ key: 'a', draft: untouched });
    draft.change({ notes: 'W' });
    expect(await draft.flush()).toMatchObject({ ok: true });
    expect(draft.store.getState()).toMatchObject({ saving: 'held', problem: reason });
  });

  it('does not wait longer than 250 ms while typing goes on', async () => {
    const { drafts, saved } = setUp();
    const draft = drafts.open({ key: 'a', draft: untouched });
    for (let typed = 1; typed <= 20; typed += 1) {
      draft.change({ notes: 'x'.repeat(typed) });
      await vi.advanceTimersByTimeAsync(50);
      const last = saved.at(-1)?.notes.length ?? 0;
      expect((typed - last) * 50).toBeLessThanOrEqual(250);
    }
    await vi.advanceTimersByTimeAsync(250);
    expect(saved.at(-1)).toMatchObject({ notes: 'x'.repeat(20), revision: 20 });
  });

  it('saves at once when flushed, and settles when the last word is saved', async () => {
    let release = (): void => undefined;
    const { drafts, saved, answerWith } = setUp(
      ({ revision }) =>
        new Promise((resolve) => {
          release = () => resolve({ ok: true, value: { revision, durable: true, reason: '' } });
        }),
    );
    const draft = drafts.open({ key: 'a', draft: untouched });
    draft.change({ notes: 'first' });
    const flushed = draft.flush();
    expect(saved).toHaveLength(1);
    draft.change({ notes: 'first and second' });
    answerWith(accept);
    release();
    await expect(flushed).resolves.toEqual({ ok: true, value: null });
    expect(saved.map(({ notes, revision }) => [notes, revision])).toEqual([
      ['first', 1],
      ['first and second', 2],
    ]);
    expect(draft.store.getState().saving).toBe('saved');
  });

  it('has nothing to flush when nothing was written', async () => {
    const { drafts, saved } = setUp();
    await drafts.open({ key: 'a', draft: untouched }).flush();
    expect(saved).toEqual([]);
  });

  it('shows a refusal, keeps the words and tries again by itself', async () => {
    const { drafts, saved, answerWith } = setUp(refuse);
    const draft = drafts.open({ key: 'a', draft: untouched });
    draft.change({ notes: 'kept' });
    await expect(draft.flush()).resolves.toEqual({ ok: false, reason: 'The disk is full.' });
    expect(draft.store.getState()).toMatchObject({
      notes: 'kept',
      saving: 'refused',
      problem: 'The disk is full.',
    });
    answerWith(accept);
    await vi.advanceTimersByTimeAsync(2000);
    expect(saved).toHaveLength(2);
    expect(draft.store.getState()).toMatchObject({ saving: 'saved', problem: '' });
  });

  it('takes a call that breaks off for a refusal', async () => {
    const { drafts } = setUp(() => Promise.reject(new Error('gone')));
    const draft = drafts.open({ key: 'a', draft: untouched });
    draft.change({ notes: 'kept' });
    await expect(draft.flush()).resolves.toMatchObject({ ok: false });
    expect(draft.store.getState().saving).toBe('refused');
  });

  it('goes on counting from the revision main has', async () => {
    const { drafts, saved } = setUp();
    const draft = drafts.open({ key: 'a', draft: { ...untouched, notes: 'from before', revision: 7 } });
    expect(draft.store.getState()).toMatchObject({ notes: 'from before', saving: 'saved' });
    draft.change({ code: 'c1', name: 'Resolved' });
    await draft.flush();
    expect(saved).toEqual([{ key: 'a', code: 'c1', name: 'Resolved', notes: 'from before', revision: 8 }]);
  });

  it('is never replaced by an older mirrored one, nor while words here are not saved', async () => {
    const { drafts } = setUp();
    const draft = drafts.open({ key: 'a', draft: untouched });
    draft.change({ notes: 'one' });
    draft.change({ notes: 'one two' });
    draft.adopt({ ...untouched, notes: 'elsewhere', revision: 9 });
    expect(draft.store.getState().notes).toBe('one two');
    await draft.flush();
    draft.adopt({ ...untouched, notes: 'one', revision: 1 });
    expect(draft.store.getState().notes).toBe('one two');
    draft.adopt({ ...untouched, notes: 'newer', revision: 3 });
    expect(draft.store.getState().notes).toBe('newer');
  });
});

describe('drafts', () => {
  it('saves what was written when its prompt goes, and starts afresh from main when it comes back', async () => {
    const { drafts, saved } = setUp();
    drafts.open({ key: 'a', draft: untouched }).change({ notes: 'words' });
    await drafts.leave('a');
    expect(saved).toHaveLength(1);
    const again = drafts.open({ key: 'a', draft: { ...untouched, notes: 'submitted', revision: 0 } });
    expect(again.store.getState().notes).toBe('submitted');
  });

  it('brings back words that could not be saved, and tries to save them again', async () => {
    const { drafts, saved, answerWith } = setUp(refuse);
    drafts.open({ key: 'a', draft: untouched }).change({ notes: 'not lost' });
    await drafts.leave('a');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(saved).toHaveLength(1);
    answerWith(accept);
    const again = drafts.open({ key: 'a', draft: untouched });
    expect(again.store.getState().notes).toBe('not lost');
    await again.flush();
    expect(again.store.getState().saving).toBe('saved');
  });

  it('keeps the drafts of two prompts apart', async () => {
    const { drafts, saved } = setUp();
    drafts.open({ key: 'a', draft: untouched }).change({ notes: 'for a' });
    drafts.open({ key: 'b', draft: untouched }).change({ notes: 'for b' });
    await vi.runAllTimersAsync();
    expect(saved.map(({ key, notes }) => [key, notes])).toEqual([
      ['a', 'for a'],
      ['b', 'for b'],
    ]);
  });

  it('has every save on its way before the page is gone', () => {
    const { drafts, saved } = setUp();
    drafts.open({ key: 'a', draft: untouched }).change({ notes: 'for a' });
    drafts.open({ key: 'b', draft: untouched }).change({ notes: 'for b' });
    void drafts.flushAll();
    expect(saved).toHaveLength(2);
  });

  it('says when everything was answered, saved or not', async () => {
    const { drafts, saved } = setUp(({ key, ...words }) =>
      (key === 'a' ? refuse : accept)({ key, ...words }),
    );
    drafts.open({ key: 'a', draft: untouched }).change({ notes: 'for a' });
    drafts.open({ key: 'b', draft: untouched }).change({ notes: 'for b' });
    await drafts.flushAll();
    expect(saved).toHaveLength(2);
  });
});
