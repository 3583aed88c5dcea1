/** How large everything in the windows is drawn, percent of the designed size. */
export const textSizes = [80, 90, 100, 110, 125, 150, 175, 200] as const;
export type TextSize = (typeof textSizes)[number];

/** What a person asks for with a key or the wheel. */
export const textSizeSteps = ['larger', 'smaller', 'normal'] as const;
export type TextSizeStep = (typeof textSizeSteps)[number];

/** The next size in that direction; the largest and the smallest stay. */
export function stepTextSize(size: TextSize, step: TextSizeStep): TextSize {
  switch (step) {
    case 'larger':
      return textSizes.find((each) => each > size) ?? size;
    case 'smaller':
      return textSizes.findLast((each) => each < size) ?? size;
    case 'normal':
      return 100;
  }
}
