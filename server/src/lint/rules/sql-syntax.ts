import type { LintRule } from '../context'

export const sqlSyntax: LintRule = {
  code: 'sql-syntax',
  check({ statement: { problem } }) {
    if (problem === null) return []
    const { message, start, end } = problem
    return [
      {
        severity: 'information',
        message: `PostgreSQL 18 cannot read this statement, so it was not checked: ${message}.`,
        advice: '',
        span: { start, end },
      },
    ]
  },
}
