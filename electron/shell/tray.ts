import { join } from 'node:path';
import { nativeImage, type NativeImage } from 'electron/common';
import { Menu, Tray, type MenuItemConstructorOptions } from 'electron/main';
import type { AppState, Phase, StateSource, StatusAction } from '../../domain/state.ts';
import { reasonOf } from '../../domain/toolbox/result.ts';
import { actionName } from '../../domain/words/action-names.ts';
import { detailLine } from '../../domain/present/status.ts';
import { say } from '../../domain/words/say.ts';

/** What the person can ask of the tray. Every click action is in the menu too: clicks fail on some desktops. */
interface TrayIntents {
  readonly show: () => void;
  readonly hide: () => void;
  readonly isVisible: () => boolean;
  /** It is there and nothing covers it, as far as the system can tell. */
  readonly isInSight: () => Promise<boolean>;
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

function tooltip(state: AppState): string {
  const { status, link, source, outbox } = state;
  const demo = source.demo ? [say('tray.demo')] : [];
  const fresh = link.freshness === 'live' ? [] : [link.words];
  const waiting = outbox.words === '' ? [] : [outbox.words];
  return [say('app.name'), ...demo, status.title, ...fresh, ...waiting].join(' · ');
}

/** A menu shows more than this only by growing over the screen. */
const labelLength = 80;

/** Text of others as a menu shows it: cut, and `&` doubled, which else marks the next letter as its key. */
export function label(text: string): string {
  const letters = Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
  const cut =
    letters.length > labelLength
      ? `${letters
          .slice(0, labelLength - 1)
          .join('')
          .trimEnd()}…`
      : text;
  return cut.replaceAll('&', '&&');
}

export function menuOf(state: AppState, intents: TrayIntents): MenuItemConstructorOptions[] {
  const { status } = state;
  const { key } = status;
  const actions = key === null ? [] : status.actions;
  const visible = intents.isVisible();
  return [
    ...[status.title, detailLine(status), status.next, status.pressAgain]
      .filter((line, index) => index === 0 || line !== '')
      .map((line) => ({ label: label(line), enabled: false })),
    { type: 'separator' },
    ...actions.map((action): MenuItemConstructorOptions => ({
      label: actionName(action, status),
      click: () => {
        if (key !== null) intents.act(action, key);
      },
    })),
    ...(actions.length > 0 ? [{ type: 'separator' as const }] : []),
    // Also while it is there: it may be covered, or on another desktop.
    { label: say('tray.show'), click: intents.show },
    ...(visible ? [{ label: say('tray.hide'), click: intents.hide }] : []),
    { label: say('tray.review'), click: intents.openReview },
    { label: say('tray.settings'), click: intents.openSettings },
    { label: say('tray.quit'), click: intents.quit },
  ];
}

export interface TrayService {
  /** Draws again: a window was shown or hidden. */
  readonly refresh: () => void;
  /** Makes the icon again, for a host that came after it. */
  readonly renew: () => void;
  stop(): void;
}

/** macOS tints pictures named `…Template`; Windows picks a size from an `.ico`. */
const fileEndings: Partial<Record<NodeJS.Platform, string>> = { darwin: 'Template.png', win32: '.ico' };

/** The tray as a function of the state. A desktop without one is no error: the window does everything. */
export function startTray({ icons, intents, source, log }: TrayParts): TrayService {
  const ending = fileEndings[process.platform] ?? '.png';
  const image = (name: string): NativeImage => nativeImage.createFromPath(join(icons, `${name}${ending}`));
  let drawn = '';
  let tray: Tray | null = null;

  async function clicked(): Promise<void> {
    if (await intents.isInSight()) intents.hide();
    else intents.show();
  }

  function render(): void {
    if (!tray) return;
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

  function renew(): void {
    tray?.destroy();
    tray = null;
    drawn = '';
    try {
      tray = new Tray(image('offline'));
    } catch (error) {
      log(`tray: not available (${reasonOf(error)})`);
      return;
    }
    tray.on('click', () => void clicked());
    render();
  }

  renew();
  const unsubscribe = source.subscribe(render);
  return {
    refresh: render,
    renew,
    stop: () => {
      unsubscribe();
      tray?.destroy();
    },
  };
}
