import type { LintRule } from '../context'
import { columnTypeOf } from '../column-types'
import { spanOf, tokenAt, writtenColumns } from '../syntax'
import { phrase } from '../../text/phrase'

export const jsonType: LintRule = {
  code: 'json-type',
  check({ statement }) {
    return writtenColumns(statement).flatMap(({ column: { typeName } }) => {
      const type = columnTypeOf(typeName)
      if (type.name !== 'json') return []
      const token = tokenAt(statement, typeName?.location)
      return [
        {
          severity: 'hint',
          message: phrase`json has no equality operator: DISTINCT, GROUP BY and triggers that compare whole rows fail.`,
          advice: phrase`Use JSONB, the default of Prisma for Json.`,
          ...(token === null
            ? {}
            : {
                span: spanOf(token),
                fix: {
                  title: phrase`Use JSONB`,
                  edits: [{ ...spanOf(token), newText: token.text === 'json' ? 'jsonb' : 'JSONB' }],
                },
              }),
        },
      ]
    })
  },
}
