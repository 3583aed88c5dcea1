import { expect, it } from 'vitest';
import { agentFigures, figuresWithoutNames } from '../../../domain/review/agent-figures.ts';

const day = (id: string, name: string, day: string, records: number, conflicts = 0) => ({
  agent: { id, name },
  day,
  records,
  answered: records - 1,
  conflicts,
});

it('sums the days of each agent, those with most first, and names nobody on air', () => {
  const figures = agentFigures({
    figures: [
      day('ben', 'Ben Ode', '2026-11-29', 2),
      day('ana', 'Ana Lima', '2026-11-30', 3, 1),
      day('ana', 'Ana Lima', '2026-11-29', 4),
      day('x', '', '2026-11-29', 2),
    ],
    missing: 0,
  });
  expect(figures).toEqual([
    { id: 'ana', name: 'Ana Lima', records: 7, answered: 5, conflicts: 1 },
    { id: 'ben', name: 'Ben Ode', records: 2, answered: 1, conflicts: 0 },
    { id: 'x', name: 'x', records: 2, answered: 1, conflicts: 0 },
  ]);
  expect(JSON.stringify(figuresWithoutNames(figures))).not.toMatch(/ana|ben/i);
});
