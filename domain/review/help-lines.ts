import { say } from '../words/say.ts';
import { filters } from './query-parser.ts';

/** What can be typed into the search, each with an example; the example is typed as it stands. */
export interface HelpLine {
  readonly example: string;
  readonly words: string;
}

export function helpLines(): readonly HelpLine[] {
  return [
    { example: 'invoice ana', words: say('review.help.words') },
    { example: '"missed"', words: say('review.help.quotes') },
    { example: filters.code, words: say('review.help.code') },
    { example: filters.queue, words: say('review.help.queue') },
    { example: filters.since, words: say('review.help.since') },
    { example: filters.until, words: say('review.help.until') },
    { example: 'since:yesterday until:yesterday', words: say('review.help.day') },
    { example: filters.role, words: say('review.help.role') },
    { example: 'missed', words: say('review.help.missed') },
    { example: filters.is, words: say('review.help.is') },
    { example: filters.sharing, words: say('review.help.sharing') },
  ];
}
