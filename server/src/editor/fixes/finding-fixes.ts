import type { DatabaseIndex } from '../../audit/database-index'
import type { Finding, FindingCode } from '../../audit/finding'
import type { ModelSides } from '../../audit/model-sides'
import { findField, findModel, enumsOf, databaseNameOf } from '../../schema/lookup'
import type { ModelBlock, SchemaFile, SchemaModel } from '../../schema/model'
import type { SourceLines } from '../../schema/edits/source-lines'
import type { ModelContext } from '../model-context'
import {
  columnDefaultFixes,
  columnMissingFixes,
  columnNullabilityFixes,
  columnTypeFixes,
  columnUnmappedFixes,
} from './column-fixes'
import { enumValuesFixes } from './enum-fixes'
import { indexDefinitionFixes, indexMissingFixes, indexNameFixes, indexUnmappedFixes } from './index-fixes'
import { enumUnmappedFixes, tableUnmappedFixes } from './new-blocks'
import { foreignKeyDefinitionFixes, foreignKeyUnmappedFixes } from './relation-fixes'
import { attributeTexts, joinedAttributes, rewriteFields, withAttribute } from './rewrite-fields'
import type { SchemaFix } from './schema-fix'
import { silenceFixes } from './silence'
import type { Translate } from '../../text/translate'

/** What fixes are computed from. */
export interface FixSources {
  readonly t: Translate
  readonly schema: SchemaModel
  /** Null without a connection. */
  readonly index: DatabaseIndex | null
  readonly sidesOf: (model: ModelBlock) => ModelSides | null
  readonly linesOf: (file: SchemaFile) => SourceLines
}

/** The schema edits that resolve a finding by adopting what the database has. */
export function databaseSideFixes(finding: Finding, sources: FixSources): SchemaFix[] {
  const { t, schema, index } = sources
  const fixes = FIXES_OF_MODELS[finding.code]
  if (fixes !== undefined) {
    const context = modelContext(finding, sources)
    return context === null ? [] : fixes(finding, context).filter(({ edits }) => edits.length > 0)
  }
  const file = schema.files.find(({ path }) => path === finding.file)
  if (index === null || file === undefined) return []
  const lines = sources.linesOf(file)
  const place = { t, schema, file, lines, database: index.database }
  if (finding.code === 'table-unmapped') {
    const table = index.findTable(finding.schemaName, finding.table ?? '')
    return table === undefined ? [] : tableUnmappedFixes(table, place)
  }
  const actual = index.findEnum(finding.schemaName, finding.object ?? '')
  if (actual === undefined) return []
  if (finding.code === 'enum-unmapped') return enumUnmappedFixes(actual, place)
  if (finding.code !== 'enum-values') return []
  const block = enumsOf(schema).find((found) => databaseNameOf(found.block) === finding.object)
  return block === undefined ? [] : enumValuesFixes(t, actual, block, sources.linesOf(block.file))
}

/** The comments that silence a finding. */
export function silencingFixes(finding: Finding, sources: Pick<FixSources, 't' | 'schema' | 'linesOf'>): SchemaFix[] {
  if (NOT_TO_BE_SILENCED.has(finding.code)) return []
  const file = sources.schema.files.find(({ path }) => path === finding.file)
  const placed = file?.blocks.findLast(({ startLine }) => startLine <= finding.range.start.line)
  return file === undefined || placed === undefined
    ? []
    : silenceFixes(sources.t, finding, placed, sources.linesOf(file))
}

/** Findings about the whole file or the policy. */
const NOT_TO_BE_SILENCED: ReadonlySet<FindingCode> = new Set([
  'schema-syntax',
  'schema-invalid',
  'prisma-8',
  'database-not-compared',
  'migrations-path-unknown',
  'migrations-not-run',
  'policy-invalid',
  'policy-model',
  'actor-missing',
])

const FIXES_OF_MODELS: Partial<Record<FindingCode, (finding: Finding, context: ModelContext) => SchemaFix[]>> = {
  'column-type': columnTypeFixes,
  'column-nullability': columnNullabilityFixes,
  'column-default': columnDefaultFixes,
  'column-unmapped': columnUnmappedFixes,
  'column-missing': (finding, context) => [
    ...renamedFieldFixes(finding, context),
    ...columnMissingFixes(finding, context),
  ],
  'index-name': indexNameFixes,
  'index-missing': indexMissingFixes,
  'unique-missing': indexMissingFixes,
  'index-unmapped': indexUnmappedFixes,
  'index-definition': indexDefinitionFixes,
  'foreign-key-definition': foreignKeyDefinitionFixes,
  'foreign-key-unmapped': foreignKeyUnmappedFixes,
}

/** A field that was renamed only in the schema keeps its column with `@map`. */
function renamedFieldFixes({ model, field: name, likelyFormer }: Finding, context: ModelContext): SchemaFix[] {
  const field = findField(context.found.model, name ?? '')
  if (field === null || likelyFormer === undefined) return []
  const map = { name: 'map', text: `@map(${JSON.stringify(likelyFormer)})` }
  const attributes = withAttribute(attributeTexts(context, field), (each) => each === 'map', map)
  const edits = rewriteFields(context, new Map([[field, { attributes: joinedAttributes(attributes) }]]))
  const title = context.t('Keep the column {0} for {1} (@map)', likelyFormer, `${model ?? ''}.${field.name.text}`)
  return [{ title, edits, isPreferred: true }]
}

function modelContext({ model }: Finding, { t, schema, sidesOf, linesOf }: FixSources): ModelContext | null {
  const found = model === null ? null : findModel(schema, model)
  const sides = found === null ? null : sidesOf(found.model)
  return found === null || sides === null ? null : { t, schema, found, sides, lines: linesOf(found.file) }
}
