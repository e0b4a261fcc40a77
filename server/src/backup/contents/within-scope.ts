import { quoteIdentifier } from '../../database/quote'
import type { BackupScope } from '../backup-way'
import type { DatabaseObject, ObjectKind } from './model'
import { canonicalName } from '../sql/qualified-name'

/** Whether the table's rows are in the backup. `name` is quoted. */
export function hasRowsInScope(scope: BackupScope, name: string): boolean {
  if (scope.kind === 'database') return true
  return scope.kind === 'tables' && scope.tables.some((table) => nameOfTable(table) === canonicalName(name))
}

/** Whether the definition is in the backup. */
export function isObjectInScope(scope: BackupScope, { kind, name }: DatabaseObject): boolean {
  if (scope.kind !== 'tables') return true
  if (!PARTS_OF_TABLES.has(kind)) return false
  const canonical = canonicalName(name)
  return scope.tables.some((table) => {
    const whole = nameOfTable(table)
    return canonical === whole || canonical.startsWith(`${whole}.`)
  })
}

const PARTS_OF_TABLES: ReadonlySet<ObjectKind> = new Set(['table', 'constraint', 'index', 'trigger', 'policy', 'rule'])

function nameOfTable({ schema, table }: BackupScope['tables'][number]): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`
}
