import type { Block } from '../../schema/model'
import type { AuditCode } from '../finding'
import type { AuditField } from '../../audit-fields/policy'
import { localFinding, type LocalFinding } from './local-finding'

/**
 * The quiet form of the audit codes, for a project without a policy: one hint, on the block where such things are shown,
 * that says how many models lack what, under the code of the first field.
 */
export function policyAbsent(home: Block, lacking: readonly (readonly AuditField[])[]): LocalFinding[] {
  const counts = FIELDS.map((field) => ({
    field,
    models: lacking.filter((fields) => fields.includes(field)).length,
  })).filter(({ models }) => models > 0)
  const [first] = counts
  if (first === undefined) return []
  const list = counts.map(({ field, models }) => `${field} (${models === 1 ? '1 model' : `${models} models`})`)
  return [
    localFinding({
      code: CODES[first.field],
      severity: 'hint',
      message: `No audit policy. Missing: ${list.join(', ')}.`,
      missingIn: 'schema',
      range: home.name.range,
    }),
  ]
}

const FIELDS: readonly AuditField[] = ['updatedAt', 'updatedBy', 'ownerId']

const CODES: Readonly<Record<AuditField, AuditCode>> = {
  updatedAt: 'missing-updated-at',
  updatedBy: 'missing-updated-by',
  ownerId: 'missing-owner-id',
}
