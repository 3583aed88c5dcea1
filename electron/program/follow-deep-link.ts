import { looksLikeDeepLink, parseDeepLink } from '../../domain/deep-link.ts';
import { say } from '../../domain/words/say.ts';
import type { ShowRecord } from '../handlers/show-record.ts';
import type { Windows } from '../shell/windows.ts';
import { leadTo, putNotice, type StateStore } from '../tracker/state.ts';

interface LinkParts {
  readonly store: Pick<StateStore, 'update'>;
  readonly windows: Pick<Windows, 'focus' | 'openSettings'>;
  readonly showRecord: ShowRecord;
  readonly log: (message: string) => void;
}

/** Among what another start was given, which the browser engine may have put in another order. */
export function deepLinkAmong(args: readonly string[]): string | null {
  return args.find(looksLikeDeepLink) ?? null;
}

/** Opens what a link leads to. It only ever shows something, whatever it says; its words are repeated nowhere. */
export function followDeepLink(text: string, { store, windows, showRecord, log }: LinkParts): void {
  const link = parseDeepLink(text);
  if (link === null) {
    log('link: leads nowhere');
    putNotice(store, { id: 'link', tone: 'warning', text: say('notice.linkNowhere') });
    windows.focus();
    return;
  }
  log(`link: to ${link.to === 'settings' ? link.section : 'a record'}`);
  if (link.to === 'settings') {
    leadTo(store, { section: link.section });
    windows.openSettings();
  } else {
    void showRecord(link.key);
  }
}
