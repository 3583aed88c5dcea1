import type { CodePick, CodeUse, LocalDatabase } from '../database.ts';
import type { WrapupCode } from '../model/screenshare.ts';
import type { KnownState } from '../present/known-state.ts';
import type { CodeChoice, LettersPick } from '../state.ts';

/** After so long a pick counts half: yesterday's still count, last month's hardly. */
const halfLifeMs = 24 * 3_600_000;
/** What a pick in another queue counts. */
const elsewhere = 0.2;
/** So many of a queue's picks are remembered with their letters. */
const mostLetters = 300;

/**
 * How much each code is used in this queue, by id: every pick counts, the older the less. All picks decay alike, so
 * their order does not depend on the time it is asked for.
 */
function usage(picks: readonly CodePick[], scope: string): ReadonlyMap<string, number> {
  const times = picks.map(({ at }) => Date.parse(at));
  const newest = times.reduce((latest, time) => (time > latest ? time : latest), 0);
  const found = new Map<string, number>();
  for (const [index, pick] of picks.entries()) {
    const age = newest - (times[index] ?? 0);
    const weight = 0.5 ** (age / halfLifeMs) * (pick.scope === scope ? 1 : elsewhere);
    // A time that cannot be read says nothing of when, and so counts for nothing.
    if (Number.isFinite(weight)) found.set(pick.code, (found.get(pick.code) ?? 0) + weight);
  }
  return found;
}

/** Favourites first, then most used lately in this queue, then most used ever, then as the server lists them. */
export function orderCodes(
  codes: readonly WrapupCode[],
  uses: readonly CodeUse[],
  picks: readonly CodePick[] = [],
  scope = '',
): CodeChoice[] {
  const useOf = new Map(uses.map((use) => [use.code, use]));
  const lately = usage(picks, scope);
  return codes
    .map((code) => {
      const use = useOf.get(code.id);
      const score = lately.get(code.id) ?? 0;
      const count = use?.uses ?? 0;
      const favourite = use?.favourite ?? false;
      const choice: CodeChoice = {
        id: code.id,
        name: code.name,
        description: code.description ?? '',
        favourite,
        used: score > 0 || count > 0,
      };
      return { choice, score, count };
    })
    .sort(
      (a, b) =>
        Number(b.choice.favourite) - Number(a.choice.favourite) || b.score - a.score || b.count - a.count,
    )
    .map(({ choice }) => choice);
}

/** What letters chose in this queue, newest first, each letters once. */
export function lettersIn(picks: readonly CodePick[], scope: string): readonly LettersPick[] {
  const found = new Map<string, LettersPick>();
  const newestFirst = [...picks].sort((a, b) => b.at.localeCompare(a.at));
  for (const { code, letters, scope: where } of newestFirst) {
    if (letters === '' || where !== scope || found.has(letters)) continue;
    found.set(letters, { letters, code });
    if (found.size === mostLetters) break;
  }
  return [...found.values()];
}

/** Which codes the agent uses, as stored. */
export async function usesIn(database: LocalDatabase): Promise<Pick<KnownState, 'uses' | 'picks'>> {
  const [uses, picks] = await Promise.all([database.codeUses(), database.codePicks()]);
  return { uses, picks };
}
