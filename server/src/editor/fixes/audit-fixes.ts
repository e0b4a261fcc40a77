import { aliasEdits } from '../../audit-fields/alias-edit'
import { auditFieldEdits } from '../../audit-fields/edits/audit-field-edits'
import { kindOf, kindOfCode } from '../../audit-fields/kinds'
import { likelyAlias, userFacts } from '../../audit-fields/likely-alias'
import type { Policy } from '../../audit-fields/policy'
import type { ModelAuditField } from '../../audit-fields/present-fields'
import { missingAuditFields, missingAuditFieldsOf } from '../../audit-fields/requirements'
import { isOfUnfitColumn, type Finding } from '../../audit/finding'
import { findModel } from '../../schema/lookup'
import type { SchemaModel } from '../../schema/model'
import type { TextEdit } from '../../schema/edits/text-edit'
import type { LateFix } from './schema-fix'
import type { Translate } from '../../text/translate'

export interface AuditSources {
  readonly t: Translate
  readonly schema: SchemaModel
  readonly policy: Policy
  /** By code and model, the fields whose column is there and cannot be one: adding the field would not help. */
  readonly unfit: ReadonlySet<string>
  /** Null if it cannot be read. */
  readonly policyFile: { readonly file: string; readonly text: string } | null
}

type SchemaAndPolicy = Pick<AuditSources, 'schema' | 'policy' | 'unfit'>

/** For `AuditSources`, of the findings of the whole schema. */
export function unfitFields(findings: readonly Finding[]): ReadonlySet<string> {
  return new Set(findings.filter(isOfUnfitColumn).map(({ code, model }) => `${code} ${model ?? ''}`))
}

/** Fixes a missing audit field: adds it to the model, or names the model's own field in the policy. */
export function auditFixes(finding: Finding, { t, schema, policy, policyFile }: AuditSources): LateFix[] {
  const kind = kindOfCode(finding.code)
  const block = finding.model === null ? undefined : findModel(schema, finding.model)?.model
  if (kind === undefined || block === undefined) return []
  const [model, field] = [block.name.text, kind.name]
  const fixes: LateFix[] = []
  if (finding.missingIn !== 'database' && !isOfUnfitColumn(finding)) {
    const makeEdits = () => auditFieldEdits(schema, policy, [{ model, field }])
    fixes.push({ title: t('Add {0} to {1}', field, model), isPreferred: true, makeEdits })
  }
  const users = userFacts(policy, (name) => findModel(schema, name)?.model ?? null)
  const alias = policyFile === null ? null : likelyAlias(policy, block, field, users)
  if (policyFile !== null && alias !== null) {
    const { text: name } = alias.name
    const file = policyFile.file.replace(/^.*[/\\]/, '')
    const title = t('Use {0} as {1} (in {2})', `${model}.${name}`, field, file)
    fixes.push({ title, isPreferred: false, makeEdits: () => aliasEdits(policyFile, field, name) })
  }
  return fixes
}

/** One fix for all audit fields that a model lacks, if there are several. */
export function modelFieldsFixes(model: string, sources: AuditSources): LateFix[] {
  const wanted = missingOf(model, sources)
  const title = sources.t('Add {0} to {1}', wanted.map(({ field }) => field).join(', '), model)
  return wanted.length < 2 ? [] : [{ title, isPreferred: false, makeEdits: () => modelFieldEdits(model, sources) }]
}

/** The same edits for a lens, also for a single field. */
export function modelFieldEdits(model: string, sources: SchemaAndPolicy): readonly TextEdit[] {
  return auditFieldEdits(sources.schema, sources.policy, missingOf(model, sources))
}

/** One fix for all fields that the policy requires and the schema lacks, if there are at least `least`. */
export function allFieldsFixes(sources: SchemaAndPolicy, title: string, least: 1 | 2): LateFix[] {
  const { schema, policy } = sources
  const wanted = missingAuditFields(schema, policy).filter((each) => canBeAdded(each, sources))
  const makeEdits = () => auditFieldEdits(schema, policy, wanted)
  return wanted.length < least ? [] : [{ title, isPreferred: false, makeEdits }]
}

function missingOf(model: string, sources: SchemaAndPolicy): ModelAuditField[] {
  const found = findModel(sources.schema, model)
  if (found === null) return []
  return missingAuditFieldsOf(found.model, sources.policy).filter((each) => canBeAdded(each, sources))
}

function canBeAdded({ model, field }: ModelAuditField, { unfit }: SchemaAndPolicy): boolean {
  return !unfit.has(`${kindOf(field).code} ${model}`)
}
