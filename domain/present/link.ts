import type { Link } from '../state.ts';
import { say } from '../words/say.ts';
import type { Model } from './model.ts';
import { unreachable } from '../toolbox/result.ts';

/** Contact with the server, in words. */
export function presentLink(model: Model): Link {
  const { link, lastContactAt } = model;
  const base = { lastContactAt, retryAt: null, detail: '' };
  switch (link.kind) {
    case 'connecting':
      // Having been live, a new attempt is a gap in what we know, not a beginning.
      return model.everLive
        ? { ...base, freshness: 'stale', words: say('link.stale'), detail: say('link.reconnecting') }
        : { ...base, freshness: 'connecting', words: say('link.connecting') };
    case 'live':
      return { ...base, freshness: 'live', words: say('link.live') };
    case 'stale':
      return { ...base, freshness: 'stale', words: say('link.stale'), detail: say('link.stale.detail') };
    case 'offline':
      return {
        ...base,
        freshness: 'offline',
        words: say('link.offline'),
        detail: link.reason,
        retryAt: link.retryAt,
      };
    case 'refused':
      return { ...base, freshness: 'offline', words: say('link.offline'), detail: link.reason };
    default:
      return unreachable(link);
  }
}
