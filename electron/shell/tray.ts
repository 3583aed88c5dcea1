import { join } from 'node:path';
import { nativeImage, type NativeImage } from 'electron/common';
import { Menu, Tray, type MenuItemConstructorOptions } from 'electron/main';
import type { AppState, Phase, StateSource, StatusAction } from '../../domain/state.ts';
import { reasonOf } from '../../domain/toolbox/result.ts';
import { say, type MessageKey } from '../../domain/words/say.ts';

/** What the person can ask of the tray. Every click action is in the menu too: clicks fail on some desktops. */
interface TrayIntents {
  readonly show: () => void;
  readonly hide: () => void;
  readonly isVisible: () => boolean;
  readonly act: (action: StatusAction, key: string) => void;
  readonly openReview: () => void;
  readonly openSettings: () => void;
  readonly quit: () => void;
}

interface TrayParts {
  /** Folder with every `iconName` in the kinds of `assets/README.md`. */
  readonly icons: string;
  readonly intents: TrayIntents;
  readonly source: StateSource;
  readonly log: (message: string) => void;
}

/** Phases that look alike in sixteen pixels share an icon; the tooltip has the words. */
export function iconName(phase: Phase, confirmed: boolean): string {
  switch (phase) {
    case 'sharing':
      return confirmed ? 'sharing' : 'sharing-unconfirmed';
    case 'alerting':
    case 'missed':
      return phase;
    case 'connecting':
    case 'viewing':
      return 'viewing';
    case 'wrapUp':
    case 'conflict':
      return 'wrap-up';
    case 'wrappedUp':
    case 'idle':
      return confirmed ? 'idle' : 'offline';
    case 'starting':
      return 'offline';
  }
}

export function tooltip(state: AppState): string {
  const { status, link, source, outbox } = state;
  const demo = source.demo ? [say('tray.demo')] : [];
  const fresh = link.freshness === 'live' ? [] : [link.words];
  const waiting = outbox.words === '' ? [] : [outbox.words];
  return [say('app.name'), ...demo, status.title, ...fresh, ...waiting].join(' · ');
}

const actionWords: Record<StatusAction, MessageKey> = {
  answer: 'action.answer',
  decline: 'action.decline',
  stopSharing: 'action.stopSharing',
  requestAcw: 'action.requestAcw',
  openWrapUp: 'action.openWrapUp',
  dismiss: 'ui.dismiss',
};

function menuOf(state: AppState, intents: TrayIntents): MenuItemConstructorOptions[] {
  const { status } = state;
  const { key } = status;
  const actions = key === null ? [] : status.actions;
  const visible = intents.isVisible();
  return [
    { label: status.title, enabled: false },
    ...[status.detail, status.next].filter((line) => line !== '').map((label) => ({ label, enabled: false })),
    { type: 'separator' },
    ...actions.map((action): MenuItemConstructorOptions => ({
      label: say(actionWords[action]),
      click: () => {
        if (key !== null) intents.act(action, key);
      },
    })),
    ...(actions.length > 0 ? [{ type: 'separator' as const }] : []),
    { label: say(visible ? 'tray.hide' : 'tray.show'), click: visible ? intents.hide : intents.show },
    { label: say('tray.review'), click: intents.openReview },
    { label: say('tray.settings'), click: intents.openSettings },
    { label: say('tray.quit'), click: intents.quit },
  ];
}

export interface TrayService {
  /** Draws again: a window was shown or hidden. */
  refresh(): void;
  stop(): void;
}

/** macOS tints pictures named `…Template`; Windows picks a size from an `.ico`. */
const fileEndings: Partial<Record<NodeJS.Platform, string>> = { darwin: 'Template.png', win32: '.ico' };

/** The tray as a function of the state. A desktop without one is no error: the window does everything. */
export function startTray({ icons, intents, source, log }: TrayParts): TrayService {
  const ending = fileEndings[process.platform] ?? '.png';
  const image = (name: string): NativeImage => nativeImage.createFromPath(join(icons, `${name}${ending}`));
  let drawn = '';
  let tray: Tray;
  try {
    tray = new Tray(image('offline'));
  } catch (error) {
    log(`tray: not available (${reasonOf(error)})`);
    return { refresh: () => undefined, stop: () => undefined };
  }
  tray.on('click', () => {
    if (intents.isVisible()) intents.hide();
    else intents.show();
  });

  function render(): void {
    const state = source.getState();
    const icon = iconName(state.status.phase, state.status.confirmed);
    const menu = menuOf(state, intents);
    const now = JSON.stringify([icon, tooltip(state), menu]);
    // An open menu closes when it is replaced, so only a real change replaces it.
    if (now === drawn) return;
    drawn = now;
    tray.setImage(image(icon));
    tray.setToolTip(tooltip(state));
    tray.setContextMenu(Menu.buildFromTemplate(menu));
  }
  render();
  const unsubscribe = source.subscribe(render);
  return {
    refresh: render,
    stop: () => {
      unsubscribe();
      tray.destroy();
    },
  };
}
