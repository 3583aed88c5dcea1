import { expect, it } from 'vitest';
import { cutForMiddle } from '../../../renderer/ui/middle-ellipsis.ts';

const whole = (names: readonly string[]): string => {
  const { who, rest, end } = cutForMiddle(names);
  return who + rest + end;
};

it('leaves out the middle: a long name gives way to the queue, and of a long queue the end stays', () => {
  expect(cutForMiddle(['Ana', 'Billing'])).toEqual({ who: 'Ana', rest: '', end: ' · Billing' });
  expect(cutForMiddle(['Ana', 'Reklamationen und Rückerstattungen Süd'])).toEqual({
    who: 'Ana',
    rest: ' · Reklamationen und Rückerst',
    end: 'attungen Süd',
  });
  expect(cutForMiddle(['Annegret-Friederike Hohenlohe-Waldenburg'])).toMatchObject({ end: 'e-Waldenburg' });
  expect(cutForMiddle(['Ana'])).toEqual({ who: 'Ana', rest: '', end: '' });
});

it('says all of it, never half of a character, and takes no name apart that is read from the right', () => {
  const names = ['👩‍👩‍👧'.repeat(20), 'é'.repeat(40)];
  expect(whole(names)).toBe(names.join(' · '));
  expect(cutForMiddle(['👩‍👩‍👧'.repeat(30)]).end).toBe('👩‍👩‍👧'.repeat(12));
  expect(cutForMiddle(['א'.repeat(60)])).toEqual({ who: 'א'.repeat(60), rest: '', end: '' });
});
