import type { Phase } from '../../domain/state.ts';

/** What is inside the ring, as SVG paths on a 32 × 32 field with its centre at 16,16. */
export interface Shape {
  readonly stroked: string;
  readonly filled: string;
}

const dot = (radius: number): string =>
  `M${16 - radius} 16a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0Z`;

/** One shape per phase, so that a phase is known without its colour. */
export const shapes: Record<Phase, Shape> = {
  starting: {
    stroked: '',
    filled: `${dot(1.8)}M8.7 16a1.8 1.8 0 1 0 3.6 0a1.8 1.8 0 1 0-3.6 0ZM19.7 16a1.8 1.8 0 1 0 3.6 0a1.8 1.8 0 1 0-3.6 0Z`,
  },
  idle: { stroked: dot(3.6), filled: '' },
  alerting: { stroked: dot(5.6), filled: 'M16 16V10.4A5.6 5.6 0 0 1 21.6 16Z' },
  connecting: { stroked: 'M11 11.5 15.5 16 11 20.5M17 11.5 21.5 16 17 20.5', filled: '' },
  viewing: { stroked: dot(6), filled: dot(2.4) },
  sharing: { stroked: '', filled: dot(4.6) },
  wrapUp: { stroked: 'M11 21l.8-3.4 7.4-7.4a1.8 1.8 0 0 1 2.6 2.6l-7.4 7.4ZM17.4 12l2.6 2.6', filled: '' },
  wrappedUp: { stroked: 'M10.5 16.4 14.4 20.3 21.6 12', filled: '' },
  missed: { stroked: 'M11.6 11.6 20.4 20.4M20.4 11.6 11.6 20.4', filled: '' },
  conflict: { stroked: 'M16 9.6 22.6 21H9.4ZM16 13.6V17', filled: 'M15 18.9a1 1 0 1 0 2 0a1 1 0 1 0-2 0Z' },
};
