import type { Finding, FindingCode } from '../audit/finding'

/** What of a plan is about the object of a finding: names as the database has them. */
export interface PlannedObject {
  readonly code: string
  readonly schemaName: string | null
  readonly table: string | null
  readonly column: string | null
  readonly object: string | null
}

/** Is the finding one that a plan removes by giving the database what the schema says? */
export function canBePlanned({ code, severity, missingIn }: Finding): boolean {
  return PLANNED.has(code) && severity === 'warning' && missingIn === undefined
}

export function plannedObjectOf({ code, schemaName, table, column, object }: Finding): PlannedObject {
  return { code, schemaName, table, column, object }
}

/** The steps of a plan that are about the object: its own, or all of its table where the table is what is missing. */
export function stepsFor<Step extends PlannedStep>(steps: readonly Step[], wanted: PlannedObject): Step[] {
  const ofTable = steps.filter(
    ({ schema, table }) => schema === wanted.schemaName && (wanted.table === null || table === wanted.table),
  )
  const names = [wanted.object, wanted.column].filter((name) => name !== null)
  const own = ofTable.filter(({ object, id }) =>
    names.some((name) => object === name || id.endsWith(`.${name}`) || id.includes(`.${name}:`)),
  )
  return wanted.code === 'table-missing' || own.length === 0 ? ofTable : own
}

export interface PlannedStep {
  readonly id: string
  readonly schema: string
  readonly table: string
  readonly object: string | null
}

const PLANNED: ReadonlySet<FindingCode> = new Set([
  'table-missing',
  'column-missing',
  'unique-missing',
  'index-missing',
  'foreign-key-missing',
  'enum-missing',
  'enum-values',
  'extension-missing',
  'trigger-missing',
])
