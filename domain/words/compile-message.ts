import { isLiteralElement, parse, type MessageFormatElement } from '@formatjs/icu-messageformat-parser';

/** A text that is the same every time, or the elements the formatter puts one together from. */
export type Message = string | MessageFormatElement[];

/** @throws SyntaxError when the text is no ICU message */
export function compileMessage(text: string): Message {
  const elements = parse(text);
  return elements.every(isLiteralElement) ? elements.map(({ value }) => value).join('') : elements;
}
