import type { LintRule } from '../context'

export const sqlSyntax: LintRule = {
  code: 'sql-syntax',
  check({ statement: { problem } }) {
    if (problem === null) return []
    const { message, start, end } = problem
    return [
      {
        severity: 'information',
        message: `The parser of PostgreSQL 18 rejects this statement, so it was not checked: ${message}.`,
        advice: '',
        span: { start, end },
      },
    ]
  },
}
