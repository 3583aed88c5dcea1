import type { UpdatesState } from '../state.ts';
import { say } from '../words/say.ts';
import { dayAndTime } from '../words/time-words.ts';
import { toWall, type KnownState } from './known-state.ts';

/** How it stands with newer versions, in words. */
export function presentUpdates(model: KnownState): UpdatesState {
  const { updates, settings } = model;
  const looks = updates.replaceable && settings.updatesUrl !== '';
  const isOn = looks && settings.values['updates.enabled'];
  return {
    words: updateWords(model, isOn),
    problem: isOn && updates.problem !== null ? say(`updates.problem.${updates.problem}`) : '',
    looks,
    mayLook: isOn && updates.step !== 'looking' && updates.step !== 'downloading',
    ready: isOn && updates.step === 'ready',
  };
}

function updateWords(model: KnownState, isOn: boolean): string {
  const { replaceable, step, version, wait, checkedAt } = model.updates;
  if (!replaceable) return say('updates.byInstaller');
  if (model.settings.updatesUrl === '') return say('updates.noAddress');
  if (!isOn) return say('updates.off');
  switch (step) {
    case 'looking':
      return say('updates.looking');
    case 'waiting':
      return say(`updates.waiting.${wait ?? 'agent'}`, { version });
    case 'downloading':
      return say('updates.downloading', { version });
    case 'ready':
      return say('updates.ready', { version });
    case 'idle': {
      if (checkedAt === null) return say('updates.never');
      const at = dayAndTime(toWall(model, checkedAt), model.appearance.locale);
      return version === '' ? say('updates.none', { at }) : say('updates.found', { at, version });
    }
  }
}
