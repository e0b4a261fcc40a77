import type { Policy } from '../../audit/policy'
import type { SchemaModel } from '../model'
import { AuditFieldPlan } from './audit-field-plan'
import type { ModelAuditField } from './audit-fields'
import { insertIntoModel } from './model-insertion'
import { SourceLines } from './source-lines'
import type { TextEdit } from './text-edit'

/**
 * The edits that write audit fields into the schema: the field, its relation, the list on the user's side and the
 * index, as far as each is not there yet. Prisma's formatter leaves a formatted schema as these edits make it. A field
 * that cannot be written (no such model, a user without a key of one field) gets no edit; the planner says why.
 */
export function auditFieldEdits(schema: SchemaModel, policy: Policy, wanted: readonly ModelAuditField[]): TextEdit[] {
  const plan = new AuditFieldPlan(schema, policy, wanted)
  const linesOfFiles = new Map<string, SourceLines>()
  return plan.additions().flatMap(({ found, additions }) => {
    const { path, text } = found.file
    const lines = linesOfFiles.get(path) ?? new SourceLines(text.toString())
    linesOfFiles.set(path, lines)
    return insertIntoModel(found, lines, additions)
  })
}
