import type { Finding } from '../../audit/finding'
import { findField } from '../../schema/lookup'
import { rangeInFile, type Attribute, type Field, type Range } from '../../schema/model'
import { insertIntoModel } from '../../schema/edits/model-insertion'
import { removeFromModel } from '../../schema/edits/model-removal'
import { scalarNamesOf } from '../../schema/edits/relations'
import type { ModelContext } from '../model-context'
import { indexAttribute, type IndexAttribute } from './index-attribute'
import { attributeTexts, joinedAttributes, rewriteFields, withAttribute } from './rewrite-fields'
import type { SchemaFix } from './schema-fix'
import { withArguments } from './with-arguments'

/** `index-name`: gives the schema the name of the index, primary key or foreign key. */
export function indexNameFixes(finding: Finding, context: ModelContext): SchemaFix[] {
  const { actual } = finding
  const place = attributeAt(finding.range, context)
  if (actual === null || place === null) return []
  const text = withArguments(place.attribute, { map: JSON.stringify(actual) }, context)
  const edits = replaceAttribute(place, text, context)
  return [{ title: context.t('Set map: "{0}", as in the database', actual), edits, isPreferred: false }]
}

/** `index-missing` and `unique-missing`: removes the index from the schema. */
export function indexMissingFixes(finding: Finding, context: ModelContext): SchemaFix[] {
  const place = attributeAt(finding.range, context)
  if (place === null || !['index', 'unique'].includes(place.attribute.name.text)) return []
  const { attribute, field } = place
  const marks = field === null ? '@@' : '@'
  const title = context.t('Remove {0}: the database has no such index', marks + attribute.name.text)
  return [{ title, edits: removeAttribute(place, context), isPreferred: false }]
}

/** `index-unmapped`: adds the index to the schema, if Prisma can express it. */
export function indexUnmappedFixes(finding: Finding, context: ModelContext): SchemaFix[] {
  const attribute = indexOf(finding, context)
  if (attribute === null) return []
  const { name, ofModel, ofField } = attribute
  const { t } = context
  const title =
    ofField === null
      ? t('Add {0}, as in the database', ofModel)
      : t('Add {0} to {1}, as in the database', ofField.text, ofField.field)
  const field = ofField === null ? null : findField(context.found.model, ofField.field)
  if (ofField !== null && field !== null) {
    const attributes = withAttribute(attributeTexts(context, field), () => false, { name, text: ofField.text })
    const edits = rewriteFields(context, new Map([[field, { attributes: joinedAttributes(attributes) }]]))
    return [{ title, edits, isPreferred: false }]
  }
  const additions = { rows: [], indexes: [], attributes: [{ name, text: ofModel }] }
  return [{ title, edits: insertIntoModel(context.found, context.lines, additions), isPreferred: false }]
}

/** `index-definition`: gives the schema the index's actual definition. */
export function indexDefinitionFixes(finding: Finding, context: ModelContext): SchemaFix[] {
  const place = attributeAt(finding.range, context)
  const attribute = indexOf(finding, context)
  if (attribute === null || place?.field !== null) return []
  const edits = replaceAttribute(place, attribute.ofModel, context)
  return [{ title: context.t('Change to {0}, as in the database', attribute.ofModel), edits, isPreferred: false }]
}

function indexOf({ object }: Finding, { sides }: ModelContext): IndexAttribute | null {
  const index = sides.table?.indexes.find(({ name }) => name === object)
  const { expected } = sides.pair ?? {}
  if (index === undefined || expected === undefined) return null
  return indexAttribute(index, {
    table: expected.name,
    fieldOf: (column) => expected.columns.find(({ name }) => name === column)?.field ?? null,
    hasConditions: expected.comparesConditions,
  })
}

/** The attribute that a finding is located at, and its field; null for a block attribute. */
interface AttributePlace {
  readonly attribute: Attribute
  readonly field: Field | null
}

/** A foreign key's finding is located at the relation field, so the attribute is the relation's. */
function attributeAt(range: Range, { found: { model, placed } }: ModelContext): AttributePlace | null {
  const isThere = (candidate: Range) => {
    const own = rangeInFile(placed, candidate)
    return JSON.stringify(own) === JSON.stringify(range)
  }
  const ofModel = model.attributes.find((attribute) => isThere(attribute.range))
  if (ofModel !== undefined) return { attribute: ofModel, field: null }
  for (const field of model.fields) {
    const attribute =
      field.attributes.find((candidate) => isThere(candidate.range)) ??
      (isThere(field.name.range) && scalarNamesOf(field).length > 0
        ? field.attributes.find(({ name }) => name.text === 'relation')
        : undefined)
    if (attribute !== undefined) return { attribute, field }
  }
  return null
}

function replaceAttribute({ attribute, field }: AttributePlace, text: string, context: ModelContext) {
  const { found } = context
  const { name } = attribute
  if (field === null) {
    return [{ file: found.file.path, range: rangeInFile(found.placed, attribute.range), newText: text }]
  }
  const attributes = withAttribute(attributeTexts(context, field), (each) => each === name.text, {
    name: name.text,
    text,
  })
  return rewriteFields(context, new Map([[field, { attributes: joinedAttributes(attributes) }]]))
}

function removeAttribute({ attribute, field }: AttributePlace, context: ModelContext) {
  const { found, lines } = context
  if (field === null) return removeFromModel(found, lines, new Set(), new Set([attribute]))
  const attributes = withAttribute(attributeTexts(context, field), (name) => name === attribute.name.text, null)
  return rewriteFields(context, new Map([[field, { attributes: joinedAttributes(attributes) }]]))
}
