import type { LintRule } from '../context'
import { columnTypeOf, shownType } from '../column-types'
import { spanOf, tokenAt, writtenColumns } from '../syntax'
import { phrase } from '../../text/phrase'

export const charType: LintRule = {
  code: 'char-type',
  check({ statement }) {
    return writtenColumns(statement).flatMap(({ column: { typeName } }) => {
      const type = columnTypeOf(typeName)
      if (type.name !== 'bpchar') return []
      const token = tokenAt(statement, typeName?.location)
      return [
        {
          severity: 'hint',
          message: phrase`${shownType(type)} pads values with spaces, ignores trailing spaces in comparisons, and saves no storage.`,
          advice: phrase`Use TEXT, with a CHECK constraint if the length matters.`,
          ...(token === null ? {} : { span: spanOf(token) }),
        },
      ]
    })
  },
}
