import type { LintRule } from '../context'
import { phrase } from '../../text/phrase'

export const sqlSyntax: LintRule = {
  code: 'sql-syntax',
  check({ statement: { problem } }) {
    if (problem === null) return []
    const { message, start, end } = problem
    return [
      {
        severity: 'information',
        message: phrase`The parser of PostgreSQL 18 rejects this statement, so it was not checked: ${message}.`,
        span: { start, end },
      },
    ]
  },
}
