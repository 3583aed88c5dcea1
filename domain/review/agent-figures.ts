import type { FiguresAnswer } from '../archive/wire.ts';
import { say } from '../words/say.ts';

/** How many records of a search in the archive are whose. */
export interface AgentFigure {
  readonly id: string;
  readonly name: string;
  readonly records: number;
  readonly answered: number;
  /** Records of which the archive has another version under the same number. */
  readonly conflicts: number;
}

/** Those with most records first. */
export function agentFigures({ figures }: FiguresAnswer): AgentFigure[] {
  const byAgent = new Map<string, AgentFigure>();
  for (const { agent, records, answered, conflicts } of figures) {
    const sum = byAgent.get(agent.id);
    byAgent.set(agent.id, {
      id: agent.id,
      name: agent.name || agent.id,
      records: records + (sum?.records ?? 0),
      answered: answered + (sum?.answered ?? 0),
      conflicts: conflicts + (sum?.conflicts ?? 0),
    });
  }
  return [...byAgent.values()].sort(
    (one, other) => other.records - one.records || one.name.localeCompare(other.name),
  );
}

/** As others may read them, while the screen is shared. */
export function figuresWithoutNames(figures: readonly AgentFigure[]): AgentFigure[] {
  return figures.map((each, at) => ({ ...each, id: String(at), name: say('review.hidden') }));
}
