import type { Measurement } from './measurement'

/** Prints the measurements in columns. */
export function printTable(measurements: readonly Measurement[], output: NodeJS.WritableStream): void {
  const rows = [
    ['what', 'ours', 'peer', 'ratio', 'target', ''],
    ...measurements.map((row) => [row.what, row.ours, row.peer, row.ratio, row.target, verdict(row)]),
  ]
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    )
    output.write(`${cells.join('  ').trimEnd()}\n`)
  }
}

function verdict({ isMet }: Measurement): string {
  return isMet === null ? '' : isMet ? 'met' : 'NOT met'
}
