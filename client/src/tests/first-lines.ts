import type { ListedCheck } from '../../../protocol/src/index'

/** The line of each model: that of its first check. */
export function firstLines(checks: readonly Pick<ListedCheck, 'model' | 'line'>[]): ReadonlyMap<string, number> {
  const lines = new Map<string, number>()
  for (const { model, line } of checks) lines.set(model, Math.min(line, lines.get(model) ?? line))
  return lines
}
