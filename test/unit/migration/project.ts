import { parsePolicy } from '../../../server/src/audit-fields/parse-policy'
import type { Policy } from '../../../server/src/audit-fields/policy'
import type { Column, DatabaseModel, Index, Table, TriggerFunction, Trigger } from '../../../server/src/database/model'
import type { Plan } from '../../../server/src/migration/model'
import { planMigration } from '../../../server/src/migration/plan/plan-migration'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { databaseOf } from '../audit/database-builder'

export const USER = 'model User {\n  id Int @id\n}\n'
export const LEAD = 'model Lead {\n  id Int @id\n}\n'

export function plan(options: {
  readonly schema?: string
  readonly policy?: unknown
  readonly tables?: readonly Table[]
  readonly functions?: readonly TriggerFunction[]
}): Plan {
  return planMigration({
    schema: parseSchema([{ path: 'schema.prisma', text: options.schema ?? USER + LEAD }]),
    policy: policy(options.policy ?? { rules: [{ models: ['Lead'], require: ['updatedAt', 'ownerId'] }] }),
    database: database(options.tables ?? [table('User'), table('Lead')], options.functions),
  })
}

export function policy(value: unknown): Policy {
  const parsed = parsePolicy(JSON.stringify(value))
  if (parsed.policy === null) throw new Error(JSON.stringify(parsed.problems))
  return parsed.policy
}

export function database(tables: readonly Table[], triggerFunctions: readonly TriggerFunction[] = []): DatabaseModel {
  return databaseOf(tables, { triggerFunctions })
}

/** A table with the key `id`, an integer where nothing else is said. */
export function table(name: string, more: Partial<Table> & { readonly key?: string } = {}): Table {
  const { key = 'integer', columns = [], ...rest } = more
  return {
    schema: 'public',
    name,
    kind: 'table',
    columns: [column('id', key), ...columns],
    primaryKey: { name: `${name}_pkey`, columns: ['id'] },
    uniqueConstraints: [],
    exclusionConstraints: [],
    indexes: [],
    foreignKeys: [],
    checks: [],
    triggers: [],
    rowSecurity: false,
    estimatedRows: 10,
    totalBytes: 8192,
    canAlter: true,
    ...rest,
  }
}

export function column(name: string, type: string, nullable = false): Column {
  return {
    name,
    type,
    typeName: type,
    typeSchema: 'pg_catalog',
    isArray: false,
    typeKind: 'b',
    nullable,
    default: null,
    identity: null,
    generated: null,
    ownedSequence: null,
  }
}

export function index(name: string, columnName: string, valid = true): Index {
  return {
    name,
    columns: [
      {
        column: columnName,
        expression: null,
        descending: false,
        nullsFirst: false,
        operatorClass: 'int4_ops',
        isDefaultOperatorClass: true,
      },
    ],
    includedColumns: [],
    unique: false,
    primary: false,
    nullsNotDistinct: false,
    method: 'btree',
    predicate: null,
    valid,
    constraint: null,
  }
}

/** Ours, on `Lead`. */
export const trigger: Trigger = {
  name: 'update_lead_updated_at',
  functionSchema: 'public',
  functionName: 'update_updated_at_column',
  timing: 'BEFORE',
  events: ['INSERT', 'UPDATE'],
  level: 'ROW',
  state: 'O',
  definition: '',
}
