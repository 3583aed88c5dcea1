import { describe, expect, it } from 'vitest';
import { allSnippets, expandAt, insertSnippet, snippetsAt } from '../../../domain/snippets.ts';

const inv = { name: 'inv', text: 'Explained the invoice to {customer} ({queue}).' };
const snippets = [
  inv,
  { name: 'invalid', text: 'The invoice was wrong.' },
  { name: 'Ruf', text: 'Rückruf vereinbart.' },
];
const names = { customer: 'Ana Lima', queue: 'Billing' };
const expand = (notes: string, limit = 1000) => expandAt(notes, notes.length, snippets, names, limit);

describe('a snippet', () => {
  it('stands for its name once a space or a new line follows', () => {
    expect(expand(';inv ')).toEqual({ notes: 'Explained the invoice to Ana Lima (Billing). ', caret: 45 });
    expect(expand('Hello ;ruf\n')?.notes).toBe('Hello Rückruf vereinbart.\n');
    expect(expand(';inv')).toBeNull();
    expect(expand(';in ')).toBeNull();
  });

  it('is none inside a word, and of a name nobody gave', () => {
    expect(expand('a;inv ')).toBeNull();
    expect(expand(';nothing ')).toBeNull();
    expect(expand('inv ')).toBeNull();
  });

  it('leaves what stands behind the caret', () => {
    const notes = 'First ;inv last';
    expect(expandAt(notes, 'First ;inv '.length, snippets, names, 1000)?.notes).toBe(
      'First Explained the invoice to Ana Lima (Billing). last',
    );
  });

  it('does not grow the notes beyond what the server takes', () => {
    expect(expand(';inv ', 20)).toBeNull();
    expect(insertSnippet(';inv', 4, inv, names, 20)).toBeNull();
  });

  it('takes a name of a person for words, whatever is in it', () => {
    const odd = { customer: '$& {queue}', queue: 'B' };
    expect(insertSnippet(';inv', 4, inv, odd, 1000)?.notes).toBe('Explained the invoice to $& {queue} (B).');
  });

  it('is offered while its name is written, the shortest first', () => {
    expect(snippetsAt('x ;in', 5, snippets).map(({ name }) => name)).toEqual(['inv', 'invalid']);
    expect(snippetsAt(';', 1, snippets)).toHaveLength(3);
    expect(snippetsAt('x', 1, snippets)).toEqual([]);
  });

  it('of the organisation counts where a person has one of that name', () => {
    const theirs = { name: 'INV', text: 'As the organisation says.' };
    expect(allSnippets(snippets, [theirs]).map(({ name }) => name)).toEqual(['INV', 'invalid', 'Ruf']);
  });
});
