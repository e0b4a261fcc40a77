import type { Block, SchemaFile } from '../schema/model'
import { compareModel } from './compare-model'
import { sameSurroundings, type Claims, type ComparisonCache, type KeptFile } from './comparison-cache'
import type { ComparisonContext } from './comparison-context'
import { expectedEnum, expectedModel, expectedView } from './expected/expected-database'
import { lookupsHold, type Lookups } from './expected/scope'
import type { Finding } from './finding'
import { placeFindings } from './place-findings'
import { enumMissing } from './rules/enum-missing'
import { enumValues } from './rules/enum-values'
import type { LocalFinding } from './rules/local-finding'
import { viewMissing } from './rules/view-missing'

/** The findings of one schema file; kept for as long as the file, and whatever its blocks look at elsewhere, stay. */
export function compareFile(file: SchemaFile, context: ComparisonContext, cache: ComparisonCache): KeptFile {
  const { surroundings, scope } = context
  const kept = cache.files.get(file)
  if (kept !== undefined && sameSurroundings(kept.surroundings, surroundings) && lookupsHold(kept.lookups, scope))
    return kept
  const lookups = new Map<string, Block | undefined>()
  const claims = new ClaimCollector()
  const findings: Finding[] = []
  for (const { block, startLine } of file.blocks) {
    const found = compareBlock(block, context, cache, lookups, claims)
    if (found.length > 0) findings.push(...placeFindings(found, file.path, startLine, cache))
  }
  const result = { surroundings, lookups, findings, claims: claims.claims() }
  cache.files.set(file, result)
  return result
}

function compareBlock(
  block: Block,
  context: ComparisonContext,
  cache: ComparisonCache,
  lookups: Map<string, Block | undefined>,
  claims: ClaimCollector,
): readonly LocalFinding[] {
  if (block.kind === 'model') {
    const { model, lookups: ofModel } = expectedModel(block, context.scope, cache)
    addAll(lookups, ofModel)
    claims.addTable(model.table.schema, model.table.name)
    for (const { schema, name } of model.joinTables) claims.addTable(schema, name)
    return compareModel(model, context, cache)
  }
  const { index } = context
  if (block.kind === 'view') {
    const view = expectedView(block)
    claims.addTable(view.schema, view.name)
    if (index === null || index.findTable(view.schema, view.name) !== undefined) return []
    return [viewMissing(view, index.schemaNameOf(view.schema))]
  }
  if (block.kind !== 'enum') return []
  const enumeration = expectedEnum(block)
  const { schema, name } = enumeration
  claims.addEnum(schema, name)
  if (index === null || index.isExternalEnum(index.schemaNameOf(schema), name)) return []
  const actual = index.findEnum(schema, name)
  return actual === undefined ? [enumMissing(enumeration, index.schemaNameOf(schema))] : enumValues(enumeration, actual)
}

function addAll(lookups: Map<string, Block | undefined>, more: Lookups): void {
  for (const [name, block] of more) lookups.set(name, block)
}

class ClaimCollector {
  private readonly tables: { schema: string | null; name: string }[] = []
  private readonly enums: { schema: string | null; name: string }[] = []

  addTable(schema: string | null, name: string): void {
    this.tables.push({ schema, name })
  }

  addEnum(schema: string | null, name: string): void {
    this.enums.push({ schema, name })
  }

  claims(): Claims {
    const keyOf = (names: readonly { schema: string | null; name: string }[]): string =>
      names.map(({ schema, name }) => `${schema ?? ''}\0${name}`).join('\n')
    return { tables: this.tables, enums: this.enums, key: `${keyOf(this.tables)}\n\n${keyOf(this.enums)}` }
  }
}
