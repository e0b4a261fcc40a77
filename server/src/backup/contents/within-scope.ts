import { quoteIdentifier } from '../../database/quote'
import type { BackupScope } from '../backup-way'
import type { DatabaseObject, ObjectKind } from './model'
import { canonicalName } from '../sql/qualified-name'

/** Whether the table's rows are in the backup. `name` is quoted. */
export function hasRowsInScope(scope: BackupScope, name: string): boolean {
  if (scope.kind === 'database') return true
  return scope.kind === 'tables' && namesOf(scope.tables).has(canonicalName(name))
}

/** Whether the definition is in the backup. */
export function isObjectInScope(scope: BackupScope, { kind, name }: DatabaseObject): boolean {
  if (scope.kind !== 'tables') return true
  if (!PARTS_OF_TABLES.has(kind)) return false
  const [table = ''] = TABLE.exec(canonicalName(name)) ?? []
  return namesOf(scope.tables).has(table)
}

/** The first two of the names in `"public"."Lead"."Lead_pkey"`. */
const TABLE = /^"[^"]*(?:""[^"]*)*"\."[^"]*(?:""[^"]*)*"(?=\.|$)/

const PARTS_OF_TABLES: ReadonlySet<ObjectKind> = new Set(['table', 'constraint', 'index', 'trigger', 'policy', 'rule'])

/** Built once for a scope: a database may have a hundred thousand objects, and the scope thousands of tables. */
const NAMES = new WeakMap<BackupScope['tables'], ReadonlySet<string>>()

function namesOf(tables: BackupScope['tables']): ReadonlySet<string> {
  const names = NAMES.get(tables) ?? new Set(tables.map(nameOfTable))
  NAMES.set(tables, names)
  return names
}

function nameOfTable({ schema, table }: BackupScope['tables'][number]): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`
}
