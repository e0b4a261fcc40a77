import type { Node } from 'libpg-query'
import { columnTypeOf, type ColumnType } from '../column-types'
import { findColumn, type LintContext, type LintRule } from '../context'
import type { Span } from '../span'
import { alterActions, callSpan, constraintsOf, offsetOf, spanOf, tokenAt, writtenColumns } from '../syntax'
import { localTime } from './local-time'
import { phrase } from '../../text/phrase'

/** Prisma itself writes `DEFAULT CURRENT_TIMESTAMP` for `@default(now())`, which is not reported. */
export const localTimeDefault: LintRule = {
  code: 'local-time-default',
  check(context) {
    return defaults(context).flatMap(({ type, expression }) => {
      const clock = localTime(expression)
      if (type?.name !== 'timestamp' || clock === null || clock === 'CURRENT_TIMESTAMP') return []
      const call = spanOfClock(context, expression)
      return [
        {
          severity: 'information',
          message: phrase`${clock} writes the session's local time into a timestamp without time zone, which Prisma reads as UTC.`,
          advice: phrase`Use (${clock === 'LOCALTIMESTAMP' ? 'now()' : clock} AT TIME ZONE 'UTC').`,
          ...(call === null ? {} : { span: call }),
          fix:
            call === null || !clock.endsWith('()')
              ? null
              : { title: phrase`Use UTC`, edits: [{ ...call, newText: `(${clock} AT TIME ZONE 'UTC')` }] },
        },
      ]
    })
  },
}

function spanOfClock({ statement }: LintContext, expression: Node): Span | null {
  if ('FuncCall' in expression) return callSpan(statement, expression.FuncCall.location)
  if (!('SQLValueFunction' in expression)) return null
  const { location } = expression.SQLValueFunction
  const token = offsetOf(statement, location) === null ? null : tokenAt(statement, location)
  return token === null ? null : spanOf(token)
}

/** Every default that the statement sets, with its column's type if known. */
function defaults(context: LintContext): { type: ColumnType | null; expression: Node }[] {
  const { statement } = context
  const written = writtenColumns(statement).flatMap(({ column }) => {
    const expression = constraintsOf(column).find(({ contype }) => contype === 'CONSTR_DEFAULT')?.raw_expr
    return expression === undefined ? [] : [{ type: columnTypeOf(column.typeName), expression }]
  })
  const set = alterActions(statement).flatMap(({ table, command: { subtype, name = '', def } }) =>
    subtype === 'AT_ColumnDefault' && def !== undefined
      ? [{ type: findColumn(context, table, name)?.type ?? null, expression: def }]
      : [],
  )
  return [...written, ...set]
}
