import type { ReviewQuery } from '../../../domain/review/query.ts';
import { asBytes, numberIn, textIn } from '../columns.ts';
import type { Engine } from '../engine.ts';
import { askedOf, answers, textColumns } from './word-index.ts';
import { conditionsOf } from './source.ts';

/**
 * Those of some rows that fit a query, in the same order: looked at one by one, where the index of words would
 * have to be walked for each. The words are the ones the index is made of, so both say the same.
 */
export function fitting(engine: Engine, query: ReviewQuery, ids: readonly number[]): number[] {
  const asked = askedOf(query);
  const { conditions, values } = conditionsOf(query, 'n.id', '+n.on_air');
  const columns = textColumns.map((name, at) => asBytes(`c${at}`).replace(/ AS \w+$/, ` AS ${name}`));
  const worded = asked.length > 0;
  const rows = engine.all(
    `SELECT ${['n.id AS id', ...(worded ? columns : [])].join(', ')}
     FROM json_each(?) AS one CROSS JOIN listing_numbers AS n ON n.id = one.value
     ${worded ? 'CROSS JOIN listing_search_content AS c ON c.id = n.id' : ''}
     WHERE ${conditions.join(' AND ') || 'true'}`,
    JSON.stringify(ids),
    ...values,
  );
  const fit = new Set<number>();
  for (const row of rows) {
    const text = (name: (typeof textColumns)[number]): string => textIn(row, name);
    if (worded && !answers(asked, text)) continue;
    fit.add(numberIn(row, 'id') ?? 0);
  }
  return ids.filter((id) => fit.has(id));
}
