import type { LintRule } from '../context'
import { phrase } from '../../text/phrase'

export const sqlSyntax: LintRule = {
  code: 'sql-syntax',
  check({ statement: { problem } }) {
    if (problem === null) return []
    const { start, end } = problem
    const span = { start, end }
    // Syntax may be an extension's own. The others are no faults, but anything could be hidden in such a statement.
    switch (problem.why) {
      case 'syntax': {
        const text = phrase`The parser of PostgreSQL 18 rejects this statement, so it was not checked: ${problem.message}.`
        return [{ severity: 'information', message: text, span }]
      }
      case 'nesting': {
        const text = phrase`This statement nests too deeply to be parsed, so it was not checked.`
        return [{ severity: 'warning', message: text, span }]
      }
      case 'length': {
        const text = phrase`This statement is longer than 200,000 characters, so it was not checked.`
        return [{ severity: 'warning', message: text, span }]
      }
    }
  },
}
