import type { Node, TypeCast } from 'libpg-query'
import { columnTypeOf, shownType } from '../column-types'
import type { LintContext, LintRule, RuleFinding } from '../context'
import type { Statement } from '../script'
import { callSpan, firstLine, nodesNamed, spanOf, strings } from '../syntax'
import { phrase } from '../../text/phrase'

export const settingCastWithoutNullif: LintRule = {
  code: 'setting-cast-without-nullif',
  check(context) {
    const { statement } = context
    // The statements in a DO block are checked one by one.
    const isBlock = statement.node !== null && 'DoStmt' in statement.node
    const parts = statement.body.filter(({ role }) => !isBlock || role !== 'statement')
    return [statement, ...parts].flatMap((query) => casts(context, query))
  },
}

function casts({ script, statement }: LintContext, query: Statement): RuleFinding[] {
  return [...nodesNamed(query.node, 'TypeCast')].flatMap((cast) => {
    const call = castSetting(cast)
    if (call === null) return []
    const type = columnTypeOf(cast.typeName)
    const span = callSpan(query, call.location)
    const fallback = query === statement ? spanOf(statement) : firstLine(script.text, statement)
    return [
      {
        severity: 'warning',
        message: phrase`On a pooled connection that has set it before, the setting is '' instead of NULL, and '' is not a valid ${shownType(type)}: the statement fails.`,
        advice: phrase`Use NULLIF(current_setting(…, true), '') before the cast.`,
        span: span ?? fallback,
        fix:
          span === null
            ? null
            : {
                title: phrase`Wrap the setting in NULLIF`,
                edits: [{ ...span, newText: `NULLIF(${script.text.slice(span.start, span.end)}, '')` }],
              },
      },
    ]
  })
}

/** The call of `current_setting` that is cast to a type for which '' is invalid; null for any other cast. */
function castSetting({ arg, typeName }: TypeCast): Extract<Node, { FuncCall: unknown }>['FuncCall'] | null {
  if (arg === undefined || !('FuncCall' in arg)) return null
  if (strings(arg.FuncCall.funcname).at(-1) !== 'current_setting') return null
  const { name } = columnTypeOf(typeName)
  // PostgreSQL's own settings (such as block_size) always have a value; those of applications contain a dot.
  const [setting] = arg.FuncCall.args ?? []
  const text = setting !== undefined && 'A_Const' in setting ? setting.A_Const.sval?.sval : undefined
  const isOwn = text === undefined || text.includes('.')
  return isOwn && !['text', 'varchar', 'bpchar', 'name'].includes(name) ? arg.FuncCall : null
}
