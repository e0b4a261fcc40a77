import type { Policy } from '../policy'
import {
  attributesNamed,
  fieldNamesArgument,
  findAttribute,
  findModel,
  stringArgument,
  wordArgument,
  type FoundModel,
} from '../../schema/lookup'
import type { Attribute, Field, ModelBlock, SchemaFile, SchemaModel } from '../../schema/model'
import { parseSchema } from '../../schema/parse-schema'
import { applyEdits } from '../../schema/edits/apply-edits'
import { auditFieldEditsByModel } from './audit-field-edits'
import { SCHEMA_PARTS, type SchemaPart } from './audit-field-plan'
import { referentialActionOf } from './referential-actions'
import {
  namedAuditField,
  presentField,
  type ModelAuditField,
  type PresentAuditField,
  type WantedAuditField,
} from '../present-fields'
import { foreignKeyNameOf } from './derived-names'
import { exactRemovals } from '../../schema/edits/exact-removals'
import { removeFromModel } from '../../schema/edits/model-removal'
import { oppositeOf } from '../../schema/edits/relations'
import { SourceLines } from '../../schema/edits/source-lines'
import type { TextEdit } from '../../schema/edits/text-edit'

/** An audit field to remove from the schema. */
export interface AuditFieldRemoval extends ModelAuditField {
  /** The parts that a run added; default: all. Parts that existed before are not removed. */
  readonly parts?: readonly SchemaPart[]
}

/**
 * The reverse of `auditFieldEdits`. If a model still has exactly the text that those edits write, exactly that text is
 * removed, so that the model is restored byte for byte. If someone has edited it, the fields, relations, lists and
 * indexes are removed one by one, and the rest is not changed.
 */
export function auditFieldRemovals(
  schema: SchemaModel,
  policy: Policy,
  removals: readonly AuditFieldRemoval[],
): TextEdit[] {
  const removed = removedNodes(schema, policy, removals)
  const linesOf = linesOfFiles()
  const edits = (isTidy: boolean) =>
    removed.map(({ found, fields, attributes }) =>
      removeFromModel(found, linesOf(found.file), fields, attributes, isTidy),
    )
  const tidy = edits(true)
  // What the edits would write now shows what existed before, but not how it was aligned.
  const wanted = removals.map((removal) => asItStands(schema, policy, removal))
  const written = [edits(false), tidy].map((before) =>
    auditFieldEditsByModel(afterEdits(schema, before.flat()), policy, wanted),
  )
  return removed.flatMap(({ found }, index) => {
    for (const byModel of written) {
      const texts = byModel.get(found.model.name.text)?.map(({ newText }) => newText) ?? []
      const exact = exactRemovals(found, linesOf(found.file), texts)
      if (exact !== null) return exact
    }
    return tidy[index] ?? []
  })
}

/** With the names and actions in the schema, which the edits may have taken from the database. */
function asItStands(schema: SchemaModel, policy: Policy, removal: AuditFieldRemoval): WantedAuditField {
  const { model, field } = removal
  const block = findModel(schema, model)?.model
  const present = block === undefined ? null : fieldToRemoveFrom(policy, block, removal)
  if (block === undefined || present === null) return { model, field }
  const [index] = indexesOf(block, present.field)
  const relation = present.relation === null ? null : findAttribute(present.relation, 'relation')
  const nullable = present.field.type.arity === 'optional'
  return {
    model,
    field,
    inDatabase: {
      column: present.column,
      nullable,
      indexName: index === undefined ? null : stringArgument(index, 'map'),
      foreignKey:
        relation === null || present.relation === null
          ? null
          : {
              name: foreignKeyNameOf(block, present.relation) ?? '',
              onDelete: referentialActionOf(wordArgument(relation, 'onDelete')) ?? (nullable ? 'SET NULL' : 'RESTRICT'),
              onUpdate: referentialActionOf(wordArgument(relation, 'onUpdate')) ?? 'CASCADE',
            },
    },
  }
}

function linesOfFiles(): (file: SchemaFile) => SourceLines {
  const known = new Map<string, SourceLines>()
  return ({ path, text }) => {
    const lines = known.get(path) ?? new SourceLines(text.toString())
    known.set(path, lines)
    return lines
  }
}

function afterEdits(schema: SchemaModel, edits: readonly TextEdit[]): SchemaModel {
  const changed = schema.files.map(({ path, text }) => {
    const own = edits.filter(({ file }) => file === path)
    return { path, text: own.length === 0 ? text : applyEdits(text.toString(), own) }
  })
  return parseSchema(changed, schema)
}

interface Removal {
  readonly found: FoundModel
  readonly fields: Set<Field>
  readonly attributes: Set<Attribute>
}

function removedNodes(schema: SchemaModel, policy: Policy, wanted: readonly AuditFieldRemoval[]): Removal[] {
  const removals = new Map<string, Removal>()
  for (const removal of wanted) {
    const { model, parts = SCHEMA_PARTS } = removal
    const found = findModel(schema, model)
    const present = found === null ? null : fieldToRemoveFrom(policy, found.model, removal)
    if (found === null || present === null) continue
    const own = removalFrom(removals, found)
    const has = (part: SchemaPart) => parts.includes(part)
    if (has('field')) own.fields.add(present.field)
    const attributes = has('field')
      ? attributesOver(found.model, present.field)
      : has('index')
        ? indexesOf(found.model, present.field)
        : []
    for (const attribute of attributes) own.attributes.add(attribute)
    const other = present.relation === null ? null : findModel(schema, present.relation.type.name)
    if (present.relation === null || other === null) continue
    if (has('relation')) own.fields.add(present.relation)
    const opposite = has('list') ? oppositeOf(found.model, present.relation, other.model) : null
    if (opposite !== null) removalFrom(removals, other).fields.add(opposite)
  }
  return [...removals.values()].filter(({ fields, attributes }) => fields.size > 0 || attributes.size > 0)
}

/**
 * A field that the edits wrote has one of their names; one that only counts as it (`visitedAt @updatedAt`) is never
 * removed.
 */
function fieldToRemoveFrom(
  policy: Policy,
  model: ModelBlock,
  { field, parts = SCHEMA_PARTS }: AuditFieldRemoval,
): PresentAuditField | null {
  return parts.includes('field') ? namedAuditField(policy, model, field) : presentField(policy, model, field)
}

function removalFrom(removals: Map<string, Removal>, found: FoundModel): Removal {
  const name = found.model.name.text
  const removal = removals.get(name) ?? { found, fields: new Set(), attributes: new Set() }
  removals.set(name, removal)
  return removal
}

/** An index over the field is always removed: the database drops it with the column. */
function attributesOver(model: ModelBlock, field: Field): Attribute[] {
  return ['index', 'unique', 'fulltext']
    .flatMap((name) => attributesNamed(model, name))
    .filter((attribute) => fieldNamesArgument(attribute, 'fields', 0).includes(field.name.text))
}

/** The index as the edits write it: over this field only, with at most a name. */
function indexesOf(model: ModelBlock, field: Field): Attribute[] {
  return attributesNamed(model, 'index').filter((attribute) => {
    const fields = fieldNamesArgument(attribute, 'fields', 0)
    const others = attribute.arguments.filter(({ name }) => name !== null && !['fields', 'map'].includes(name.text))
    return fields.length === 1 && fields[0] === field.name.text && others.length === 0
  })
}
