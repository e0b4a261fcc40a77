/** The first of the lines, and how many more there are: `… and 12 more steps`. */
export function boundedList(lines: readonly string[], most: number, noun: string): string[] {
  const more = lines.length - most
  return more <= 0 ? [...lines] : [...lines.slice(0, most), `… and ${more.toLocaleString('en-US')} more ${noun}`]
}

/** The first names in a sentence, and how many more there are: `a, b and 3 more`. */
export function listNames(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).join(', ')
  return names.length > most ? `${shown} and ${names.length - most} more` : shown
}
