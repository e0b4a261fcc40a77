import { quoteIdentifier, quoteLiteral } from '../../../database/quote'
import type { Step } from '../../model'
import type { UserReferenceTarget } from '../audit-target'
import { doBlock, tableName } from '../sql'

/** The SQLSTATE of a precondition that does not hold, so that a runner can tell it from a fault. */
export const PRECONDITION_FAILED = 'PA001'

/** Rows that need an owner need a user: refused before anything is changed where there is none. */
export function usersExist(target: UserReferenceTarget): Step {
  const users = tableName(target.user)
  const message = `${tableName(target)} has rows to own, and there is no user in ${users}.`
  const hint = `Add a user first, or set "populate": "none" for ${target.field} in the policy.`
  return precondition({
    target,
    name: 'users-exist',
    title: `There is a user in ${users} to own the rows of ${tableName(target)}`,
    violated: `NOT EXISTS (SELECT FROM ${users}) AND EXISTS (SELECT FROM ${tableName(target)})`,
    message,
    hint,
    privileges: [{ action: 'select', name: users }],
  })
}

/** NOT NULL with nothing to fill the column from can only be had on an empty table. */
export function tableIsEmpty(target: UserReferenceTarget): Step {
  const column = quoteIdentifier(target.column)
  return precondition({
    target,
    name: 'table-is-empty',
    title: `${tableName(target)} has no rows that would lack ${column}`,
    violated: `EXISTS (SELECT FROM ${tableName(target)})`,
    message: `${column} of ${tableName(target)} is to be required, and the policy says nothing about the rows that stand already.`,
    hint: `Set "populate" for ${target.field} in the policy to "first-user" or to an SQL expression, or "required" to false.`,
    privileges: [],
  })
}

interface Precondition {
  readonly target: UserReferenceTarget
  readonly name: string
  readonly title: string
  /** A condition in SQL that is true where the plan must not begin. */
  readonly violated: string
  readonly message: string
  readonly hint: string
  readonly privileges: Step['privileges']
}

function precondition({ target, name, title, violated, message, hint, privileges }: Precondition): Step {
  return {
    id: `precondition:${target.schema}.${target.table}.${target.column}:${name}`,
    kind: 'precondition',
    title,
    schema: target.schema,
    table: target.table,
    object: null,
    leftovers: null,
    up: [
      doBlock(
        [
          'BEGIN',
          `  IF ${violated} THEN`,
          `    RAISE EXCEPTION USING`,
          `      ERRCODE = '${PRECONDITION_FAILED}',`,
          `      MESSAGE = ${quoteLiteral(message)},`,
          `      HINT = ${quoteLiteral(hint)};`,
          '  END IF;',
          'END',
        ].join('\n'),
      ),
    ],
    down: [],
    verify: [],
    lock: { mode: 'ACCESS SHARE', tables: [tableName(target), tableName(target.user)], duration: 'an instant' },
    transaction: 'own',
    batch: null,
    privileges: [{ action: 'select', name: tableName(target) }, ...privileges],
    rewrites: false,
    scans: false,
    estimatedRows: null,
  }
}
