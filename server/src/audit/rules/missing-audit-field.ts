import { fixedPhrase, phrase, type Phrase } from '../../text/phrase'
import { missingIn, type AuditedField } from '../audited-fields'
import type { ExpectedTable } from '../../expected/model'
import { likelyAlias, type UserFacts } from '../../audit-fields/likely-alias'
import type { Policy } from '../../audit-fields/policy'
import type { MissingIn } from '../finding'
import { isRequiredField, userPolicy } from '../../audit-fields/field-policies'
import { isTimestampField, kindOf, type AuditField } from '../../audit-fields/kinds'
import { describeExpectedColumn } from '../values/describe'
import { tableFinding, type LocalFinding } from './local-finding'

export interface AuditedTable {
  readonly table: ExpectedTable
  /** The table's schema in the database; null without a connection. */
  readonly schemaName: string | null
  readonly hasConnection: boolean
}

/**
 * `missing-updated-at` and the others, one code per kind: a field that the policy requires and that is missing in the
 * schema, in the database or in both. At the model's name, or at the field if the schema has it.
 */
export function missingAuditField(
  audited: AuditedField,
  { table, schemaName, hasConnection }: AuditedTable,
  definitions: Definitions,
): LocalFinding[] {
  const where = missingIn(audited, hasConnection)
  if (where === null) return []
  const { schemaColumn, auditField, column } = audited
  const { code, meaning } = kindOf(auditField)
  return [
    tableFinding(
      { table, schemaName },
      {
        code,
        severity: 'warning',
        message:
          unfitMessage(audited, table) ??
          phrase`${table.model} has no ${auditField} (${fixedPhrase(meaning)}): missing ${PLACES[where]}.${aliasHint(audited, table, definitions)}`,
        field: schemaColumn?.field ?? auditField,
        column,
        expected:
          schemaColumn === null || audited.unfit !== null
            ? definitionOf(auditField, definitions)
            : describeExpectedColumn(schemaColumn),
        ...(audited.unfit === null ? {} : { actual: audited.unfit.type }),
        missingIn: where,
        range: schemaColumn?.range ?? table.range,
      },
    ),
  ]
}

/** A column has the name and cannot be the field: the plan refuses it for the same reason, and there is no quick fix. */
function unfitMessage({ auditField, unfit }: AuditedField, { model }: ExpectedTable): Phrase | null {
  if (unfit === null || isTimestampField(auditField)) return unfit?.reason ?? null
  return phrase`${model} has no ${auditField} (${fixedPhrase(kindOf(auditField).meaning)}): ${unfit.reason}`
}

interface Definitions {
  readonly policy: Policy
  /** The type of the user model's key; null if unclear. */
  readonly userKeyType: string | null
  readonly users: UserFacts | null
}

/** The model may have it under another name, which only a person can confirm. */
function aliasHint(
  { auditField, schemaColumn }: AuditedField,
  { block, model }: ExpectedTable,
  { policy, users }: Definitions,
): string | Phrase {
  const found = schemaColumn !== null || users === null ? null : likelyAlias(policy, block, auditField, users)
  return found === null
    ? ''
    : phrase` If ${model}.${found.name.text} is that field, add "${found.name.text}" to fields.${auditField}.aliases in the policy.`
}

/** The expected column if the schema does not define it. */
function definitionOf(auditField: AuditField, { policy, userKeyType }: Definitions): string | null {
  const type = isTimestampField(auditField)
    ? 'timestamp(3)'
    : (userPolicy(auditField, policy).type?.catalog ?? userKeyType)
  return type === null ? null : `${type}${isRequiredField(auditField, policy) ? ' not null' : ''}`
}

const PLACES: Readonly<Record<MissingIn, Phrase>> = {
  schema: phrase`in the schema`,
  database: phrase`in the database`,
  both: phrase`in the schema and in the database`,
}
