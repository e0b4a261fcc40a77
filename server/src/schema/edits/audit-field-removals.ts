import type { Policy } from '../../audit/policy'
import { attributesNamed, fieldNamesArgument, findModel, type FoundModel } from '../lookup'
import type { Attribute, Field, ModelBlock, SchemaModel } from '../model'
import { namedAuditField, type ModelAuditField } from './audit-fields'
import { removeFromModel } from './model-removal'
import { oppositeOf } from './relations'
import { SourceLines } from './source-lines'
import type { TextEdit } from './text-edit'

/**
 * The reverse of `auditFieldEdits`: takes audit fields out of the schema, with their relations, the lists on the other
 * side, and the indexes over them. What was edited elsewhere in the meantime stays.
 */
export function auditFieldRemovals(
  schema: SchemaModel,
  policy: Policy,
  additions: readonly ModelAuditField[],
): TextEdit[] {
  const removals = new Map<string, Removal>()
  for (const { model, field } of additions) {
    const found = findModel(schema, model)
    const present = found === null ? null : namedAuditField(policy, found.model, field)
    if (found === null || present === null) continue
    const removal = removalFrom(removals, found)
    removal.fields.add(present.field)
    for (const attribute of attributesOver(found.model, present.field)) removal.attributes.add(attribute)
    const other = present.relation === null ? null : findModel(schema, present.relation.type.name)
    if (present.relation === null || other === null) continue
    removal.fields.add(present.relation)
    const opposite = oppositeOf(found.model, present.relation, other.model)
    if (opposite !== null) removalFrom(removals, other).fields.add(opposite)
  }
  const linesOfFiles = new Map<string, SourceLines>()
  return [...removals.values()].flatMap(({ found, fields, attributes }) => {
    const { path, text } = found.file
    const lines = linesOfFiles.get(path) ?? new SourceLines(text.toString())
    linesOfFiles.set(path, lines)
    return removeFromModel(found, lines, fields, attributes)
  })
}

interface Removal {
  readonly found: FoundModel
  readonly fields: Set<Field>
  readonly attributes: Set<Attribute>
}

function removalFrom(removals: Map<string, Removal>, found: FoundModel): Removal {
  const name = found.model.name.text
  const removal = removals.get(name) ?? { found, fields: new Set(), attributes: new Set() }
  removals.set(name, removal)
  return removal
}

/** An index over the field cannot stay, whoever wrote it: the database drops it with the column. */
function attributesOver(model: ModelBlock, field: Field): Attribute[] {
  return ['index', 'unique', 'fulltext']
    .flatMap((name) => attributesNamed(model, name))
    .filter((attribute) => fieldNamesArgument(attribute, 'fields', 0).includes(field.name.text))
}
