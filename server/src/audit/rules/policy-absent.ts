import { phrase } from '../../text/phrase'
import type { Block } from '../../schema/model'
import { AUDIT_FIELD_KINDS, type AuditField } from '../../audit-fields/kinds'
import { localFinding, type LocalFinding } from './local-finding'

/**
 * The quiet form of the audit codes, for a project without a policy: one hint, at the datasource block, that says how
 * many models lack which fields, with the code of the first field.
 */
export function policyAbsent(home: Block, lacking: readonly (readonly AuditField[])[]): LocalFinding[] {
  const counts = AUDIT_FIELD_KINDS.map(({ name, code }) => ({
    name,
    code,
    models: lacking.filter((fields) => fields.includes(name)).length,
  })).filter(({ models }) => models > 0)
  const [first] = counts
  if (first === undefined) return []
  const list = counts.map(({ name, models }) =>
    models === 1 ? phrase`${name} (1 model)` : phrase`${name} (${models} models)`,
  )
  return [
    localFinding({
      code: first.code,
      severity: 'hint',
      message: phrase`No audit policy. Missing: ${list}.`,
      missingIn: 'schema',
      range: home.name.range,
    }),
  ]
}
