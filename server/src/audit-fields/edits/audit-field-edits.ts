import type { Policy } from '../policy'
import type { SchemaModel } from '../../schema/model'
import { AuditFieldPlan, type SchemaPart } from './audit-field-plan'
import { SchemaNames } from './schema-names'
import type { ModelAuditField, WantedAuditField } from '../present-fields'
import { insertIntoModel } from '../../schema/edits/model-insertion'
import { SourceLines } from '../../schema/edits/source-lines'
import type { TextEdit } from '../../schema/edits/text-edit'

/**
 * The edits that write audit fields into the schema: the field, its relation, the list on the user's side and the
 * index, each only if it is missing. They keep a formatted schema formatted. A field that cannot be written (no such
 * model, a user model whose key has several fields) gets no edit; the planner reports why.
 */
export function auditFieldEdits(schema: SchemaModel, policy: Policy, wanted: readonly WantedAuditField[]): TextEdit[] {
  return [...auditFieldEditsByModel(schema, policy, wanted).values()].flat()
}

/** As `auditFieldEdits`, by the name of the edited model. */
export function auditFieldEditsByModel(
  schema: SchemaModel,
  policy: Policy,
  wanted: readonly WantedAuditField[],
): ReadonlyMap<string, TextEdit[]> {
  const plan = new AuditFieldPlan(schema, policy, wanted)
  const linesOfFiles = new Map<string, SourceLines>()
  return new Map(
    plan.additions().map(({ found, additions }) => {
      const { path, text } = found.file
      const lines = linesOfFiles.get(path) ?? new SourceLines(text.toString())
      linesOfFiles.set(path, lines)
      return [found.model.name.text, insertIntoModel(found, lines, additions)]
    }),
  )
}

/**
 * The parts of an audit field that the schema lacks and `auditFieldEdits` would write. For many fields, pass the names.
 */
export function missingSchemaParts(
  schema: SchemaModel,
  policy: Policy,
  wanted: ModelAuditField,
  names = new SchemaNames(schema),
): SchemaPart[] {
  return new AuditFieldPlan(schema, policy, [wanted], names).parts()
}
