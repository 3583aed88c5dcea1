/** Lines of cells, the first of them headings, in columns as wide as they have to be. */
export function textTable(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The same for a page, as the README has it. */
export function markdownTable(lines: readonly (readonly string[])[]): string {
  const [headings = [], ...rest] = lines.map((line) => line.map((cell) => cell.replaceAll('|', '\\|')));
  return [headings, headings.map(() => '---'), ...rest].map((line) => `| ${line.join(' | ')} |`).join('\n');
}
