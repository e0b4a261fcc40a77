import { aliasEdits } from '../../audit-fields/alias-edit'
import { auditFieldEdits } from '../../audit-fields/edits/audit-field-edits'
import { kindOfCode } from '../../audit-fields/kinds'
import { likelyAlias, userFacts } from '../../audit-fields/likely-alias'
import type { Policy } from '../../audit-fields/policy'
import type { ModelAuditField } from '../../audit-fields/present-fields'
import { missingAuditFields } from '../../audit-fields/requirements'
import type { Finding } from '../../audit/finding'
import { findModel } from '../../schema/lookup'
import type { SchemaModel } from '../../schema/model'
import type { TextEdit } from '../../schema/edits/text-edit'
import type { SchemaFix } from './schema-fix'

export interface AuditSources {
  readonly schema: SchemaModel
  readonly policy: Policy
  /** Null where it cannot be read. */
  readonly policyFile: { readonly file: string; readonly text: string } | null
}

/** For a finding that a model lacks an audit field: adds it, or says in the policy which field it is. */
export function auditFixes(finding: Finding, { schema, policy, policyFile }: AuditSources): SchemaFix[] {
  const kind = kindOfCode(finding.code)
  const block = finding.model === null ? undefined : findModel(schema, finding.model)?.model
  if (kind === undefined || block === undefined) return []
  const [model, field] = [block.name.text, kind.name]
  const fixes: SchemaFix[] = []
  if (finding.missingIn !== 'database') {
    const edits = auditFieldEdits(schema, policy, [{ model, field }])
    if (edits.length > 0) fixes.push({ title: `Add ${field} to ${model}`, edits, isPreferred: true })
  }
  const users = userFacts(policy, (name) => findModel(schema, name)?.model ?? null)
  const alias = policyFile === null ? null : likelyAlias(policy, block, field, users)
  if (policyFile !== null && alias !== null) {
    const { text: name } = alias.name
    const title = `Use ${model}.${name} as ${field} (in ${policyFile.file.replace(/^.*[/\\]/, '')})`
    fixes.push({ title, edits: aliasEdits(policyFile, field, name), isPreferred: false })
  }
  return fixes
}

/** All audit fields that one model lacks in the schema, where there are several. */
export function modelFieldsFixes(model: string, sources: AuditSources): SchemaFix[] {
  const wanted = missingOf(sources).filter((each) => each.model === model)
  return wanted.length < 2
    ? []
    : fixOf(`Add ${wanted.map(({ field }) => field).join(', ')} to ${model}`, wanted, sources)
}

/** The same for a lens, however many there are. */
export function modelFieldEdits(model: string, sources: Omit<AuditSources, 'policyFile'>): readonly TextEdit[] {
  const wanted = missingOf(sources).filter((each) => each.model === model)
  return auditFieldEdits(sources.schema, sources.policy, wanted)
}

/** All that the policy requires and the schema lacks. */
export function allFieldsFixes(sources: AuditSources, title: string): SchemaFix[] {
  return fixOf(title, missingOf(sources), sources)
}

function missingOf({ schema, policy }: Omit<AuditSources, 'policyFile'>): ModelAuditField[] {
  return missingAuditFields(schema, policy)
}

function fixOf(title: string, wanted: readonly ModelAuditField[], { schema, policy }: AuditSources): SchemaFix[] {
  const edits = wanted.length === 0 ? [] : auditFieldEdits(schema, policy, wanted)
  return edits.length === 0 ? [] : [{ title, edits, isPreferred: false }]
}
