import type { LintRule } from '../context'
import { phrase } from '../../text/phrase'

export const dynamicSql: LintRule = {
  code: 'dynamic-sql',
  check({ statement: { role } }) {
    if (role !== 'dynamic') return []
    return [
      {
        severity: 'information',
        message: phrase`EXECUTE runs SQL that is only known when the block runs, so it was not checked.`,
      },
    ]
  },
}
