import type { Block } from '../schema/model'
import { sameItems } from './common-ends'
import type { Claims, ComparisonCache } from './comparison-cache'
import type { DatabaseIndex } from './database-index'
import { extensionEntries, type Scope } from './expected/scope'
import { enumUnmapped } from './rules/enum-unmapped'
import { extensionMissing } from './rules/extension-missing'
import type { LocalFinding } from './rules/local-finding'
import { keptIfEqual } from './rules/same-findings'
import { tableUnmapped } from './rules/table-unmapped'

export interface WholeContext {
  readonly scope: Scope
  readonly index: DatabaseIndex
}

/**
 * What no model stands for: extensions, and the tables and enums that no file claims. `home` is the block where it is
 * shown. `claims` are those of each file. Kept for as long as they stay, which an edit inside of a model hardly ever changes.
 */
export function compareWhole(
  home: Block,
  claims: readonly (readonly Claims[])[],
  { scope, index }: WholeContext,
  cache: ComparisonCache,
): readonly LocalFinding[] {
  const { datasource } = scope.configuration
  const kept = cache.whole
  const isKept =
    kept?.home === home && kept.datasource === datasource && kept.index === index && sameItems(kept.claims, claims)
  if (isKept) return kept.findings
  const extensions = datasource === null ? [] : extensionEntries(datasource)
  const ofExtensions = extensions.flatMap((extension) =>
    extensionMissing(
      extension,
      index.database.extensions.find(({ name }) => name === extension.name),
    ),
  )
  const findings = keptIfEqual(kept?.findings, [...ofExtensions, ...unclaimed(home, claims.flat(), index)])
  cache.whole = { home, index, datasource, claims, findings }
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
    .flatMap((table) => tableUnmapped(table, range, index))
  const enums = index.database.enums
    .filter((enumeration) => !claimed.has(enumeration) && !index.isExternalEnum(enumeration.schema, enumeration.name))
    .map((enumeration) => enumUnmapped(enumeration, range))
  return [...tables, ...enums]
}
