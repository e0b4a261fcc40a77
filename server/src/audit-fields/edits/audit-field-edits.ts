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
 * index, as far as each is not there yet. Prisma's formatter leaves a formatted schema as these edits make it. A field
 * that cannot be written (no such model, a user without a key of one field) gets no edit; the planner says why.
 */
export function auditFieldEdits(schema: SchemaModel, policy: Policy, wanted: readonly WantedAuditField[]): TextEdit[] {
  return [...auditFieldEditsByModel(schema, policy, wanted).values()].flat()
}

/** As `auditFieldEdits`, by the name of the model that an edit writes into. */
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

/** What the schema lacks of an audit field, and `auditFieldEdits` would write. For many fields, hand the names in. */
export function missingSchemaParts(
  schema: SchemaModel,
  policy: Policy,
  wanted: ModelAuditField,
  names = new SchemaNames(schema),
): SchemaPart[] {
  return new AuditFieldPlan(schema, policy, [wanted], names).parts()
}
