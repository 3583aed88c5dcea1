import type { AppState } from '../state.ts';
import { attentions, onAirKey } from './attention.ts';
import { presentLink } from './link.ts';
import type { Model } from './model.ts';
import { presentOutbox } from './outbox.ts';
import { choosePrompt } from './prompt.ts';
import { presentStatus } from './status.ts';

/** The state in words, and when it changes by itself. */
export interface Presented {
  readonly state: AppState;
  /** Epoch ms of this machine's clock at which it must be read again; null when only a fact changes it. */
  readonly recheckAt: number | null;
}

/** While the agent's screen is on air others can read it: it names no customer. */
function withoutNames(model: Model): Model {
  const unnamed = Object.values(model.communications).map(({ peerName: _name, ...rest }) => rest);
  return { ...model, communications: Object.fromEntries(unnamed.map((one) => [one.key, one])) };
}

/**
 * The one place where verdicts are made: everything a window, the tray or a notification says comes from
 * here, computed together from the same inputs.
 *
 * @param now epoch ms, this machine's clock
 */
export function present(known: Model, now: number): Presented {
  const isOnAir = onAirKey(attentions(known, now)) !== null;
  const model = isOnAir ? withoutNames(known) : known;
  const asking = attentions(model, now);
  const prompt = choosePrompt(model, asking);
  const ends = asking.map(({ until }) => until).filter((until) => until !== null);
  return {
    state: {
      status: presentStatus(model, asking, now, prompt?.key ?? null),
      link: presentLink(model),
      source: { ...model.source, agent: model.person?.name ?? null },
      account: model.account,
      prompt,
      outbox: presentOutbox(model),
      database: model.database,
      review: model.review,
      notices: model.notices,
      question: model.question,
      appearance: model.appearance,
      settings: model.settings,
    },
    recheckAt: ends.length > 0 ? Math.min(...ends) : null,
  };
}
