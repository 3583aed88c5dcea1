import type { Figure, FigureKind } from '../../../domain/review/record-listing.ts';

/** More bars than this are thinner than a pixel here and there. */
const mostBars = 800;
/** So many queues or codes can be told apart; the table has them all. */
const mostNames = 20;

const dayMs = 86_400_000;
const nothing = { shares: 0, missed: 0, onAirMs: 0, workMs: 0 };

/** What a chart draws: time without holes, a day without shares being a day; of names those with most shares. */
export function drawnFigures(figures: readonly Figure[], by: FigureKind): readonly Figure[] {
  switch (by) {
    case 'queue':
    case 'code':
      return figures.slice(0, mostNames);
    case 'day':
      return withoutHoles(figures, dayMs);
    case 'week':
      return withoutHoles(figures, 7 * dayMs);
  }
}

function withoutHoles(figures: readonly Figure[], stepMs: number): readonly Figure[] {
  const known = new Map(figures.map((figure) => [figure.name, figure]));
  // Names are dates; counted in UTC a day has always the same length.
  const first = Date.parse(figures[0]?.name ?? '');
  const last = Date.parse(figures.at(-1)?.name ?? '');
  const count = (last - first) / stepMs + 1;
  if (!(count <= mostBars)) return figures;
  return Array.from({ length: count }, (_, at) => {
    const name = new Date(first + at * stepMs).toISOString().slice(0, 10);
    return known.get(name) ?? { name, ...nothing };
  });
}
