import { jsonDocument, type DataText } from '../text/data-text'
import { textOf, type SafeText } from '../text/safe-text'
import type { SmokeResult } from './run-checks'

/** One line per check; below a failed one, its problems. */
export function renderSmokeText(results: readonly SmokeResult[]): SafeText {
  const width = Math.max(...results.map(({ name }) => name.length), 0)
  return textOf(
    results.flatMap(({ name, status, problems, milliseconds }) => [
      `${problems.length === 0 ? 'PASS' : 'FAIL'}  ${name.padEnd(Math.min(width, 60))}  ${String(status ?? '–')}  ${String(milliseconds)} ms`,
      ...problems.map((problem) => `      ${problem}`),
    ]),
  )
}

/** The results as JSON. */
export function renderSmokeJson(results: readonly SmokeResult[]): DataText {
  const failed = results.filter(({ problems }) => problems.length > 0).length
  const checks = results.map((result) => ({ ...result, passed: result.problems.length === 0 }))
  return jsonDocument({ formatVersion: 1, checks, passed: results.length - failed, failed })
}
