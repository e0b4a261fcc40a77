import type { Block, ConfigurationBlock } from '../schema/model'
import { sameItems } from '../schema/unchanged-items'
import type { Claims, ComparisonCache } from './comparison-cache'
import type { CachedFile } from './comparison-cache'
import type { DatabaseIndex } from './database-index'
import { extensionEntries, type Scope } from '../expected/scope'
import { enumUnmapped } from './rules/enum-unmapped'
import { extensionMissing } from './rules/extension-missing'
import type { LocalFinding } from './rules/local-finding'
import { policyAbsent } from './rules/policy-absent'
import { beforeIfEqual } from './rules/same-findings'
import { tableUnmapped } from './rules/table-unmapped'
import { withoutIgnored } from './without-ignored'

export interface WholeContext {
  readonly scope: Scope
  /** Null without a connection. */
  readonly index: DatabaseIndex | null
}

/**
 * Objects without a model: extensions, tables and enums that no file contains, and a missing policy. `home` is the
 * block where they are shown. Cached while they stay the same, because an edit inside a model hardly ever changes them.
 */
export function compareWhole(
  home: Block,
  files: readonly CachedFile[],
  { scope, index }: WholeContext,
  cache: ComparisonCache,
): readonly LocalFinding[] {
  const { datasource } = scope.configuration
  const claims = files.map((file) => file.claims)
  const lacking = files.map((file) => file.lacking)
  const cached = cache.whole
  const isCurrent =
    cached?.home === home &&
    cached.datasource === datasource &&
    cached.index === index &&
    sameItems(cached.claims, claims) &&
    sameItems(cached.lacking, lacking)
  if (isCurrent) return cached.findings
  const found = [
    ...policyAbsent(home, lacking.flat()),
    ...(index === null ? [] : [...missingExtensions(datasource, index), ...unclaimed(home, claims.flat(), index)]),
  ]
  const findings = beforeIfEqual(cached?.findings, datasource === home ? withoutIgnored(found, home) : found)
  cache.whole = { home, index, datasource, claims, lacking, findings }
  return findings
}

function missingExtensions(datasource: ConfigurationBlock | null, index: DatabaseIndex): LocalFinding[] {
  const extensions = datasource === null ? [] : extensionEntries(datasource)
  return extensions.flatMap((extension) =>
    extensionMissing(
      extension,
      index.database.extensions.find(({ name }) => name === extension.name),
    ),
  )
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
