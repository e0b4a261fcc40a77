import type { Block } from '../schema/model'
import { sameSurroundings, type Claims, type ComparisonCache, type Surroundings } from './comparison-cache'
import type { DatabaseIndex } from './database-index'
import { extensionEntries, type Scope } from './expected/scope'
import { enumUnmapped } from './rules/enum-unmapped'
import { extensionMissing } from './rules/extension-missing'
import type { LocalFinding } from './rules/local-finding'
import { tableUnmapped } from './rules/table-unmapped'

export interface WholeContext {
  readonly scope: Scope
  readonly index: DatabaseIndex
  readonly surroundings: Surroundings
}

/**
 * What no model stands for: extensions, and the tables and enums that no file claims. `home` is the block where it is
 * shown. Kept for as long as the claims stay, which an edit inside of a model hardly ever changes.
 */
export function compareWhole(
  home: Block,
  claims: readonly Claims[],
  { scope, index, surroundings }: WholeContext,
  cache: ComparisonCache,
): readonly LocalFinding[] {
  const { datasource } = scope.configuration
  const kept = cache.whole
  const isKept =
    kept?.datasource === datasource &&
    sameSurroundings(kept.surroundings, surroundings) &&
    kept.claims.length === claims.length &&
    claims.every(({ key }, position) => kept.claims[position] === key)
  if (isKept) return kept.findings
  const extensions = datasource === null ? [] : extensionEntries(datasource)
  const ofExtensions = extensions.flatMap((extension) =>
    extensionMissing(
      extension,
      index.database.extensions.find(({ name }) => name === extension.name),
    ),
  )
  const findings = [...ofExtensions, ...unclaimed(home, claims, index)]
  cache.whole = { surroundings, datasource, claims: claims.map(({ key }) => key), findings }
  return findings
}

function unclaimed(home: Block, claims: readonly Claims[], index: DatabaseIndex): LocalFinding[] {
  const claimed = new Set<object | undefined>()
  for (const { tables, enums } of claims) {
    for (const { schema, name } of tables) claimed.add(index.findTable(schema, name))
    for (const { schema, name } of enums) claimed.add(index.findEnum(schema, name))
  }
  const { range } = home.name
  const tables = index.database.tables
    .filter((table) => !claimed.has(table) && !index.isExternalTable(table.schema, table.name))
    .flatMap((table) => tableUnmapped(table, range))
  const enums = index.database.enums
    .filter((enumeration) => !claimed.has(enumeration) && !index.isExternalEnum(enumeration.schema, enumeration.name))
    .map((enumeration) => enumUnmapped(enumeration, range))
  return [...tables, ...enums]
}
