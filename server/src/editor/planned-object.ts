import type { Finding, FindingCode } from '../audit/finding'

/** The object of a finding, to find its steps in a plan; names are database names. */
export interface PlannedObject {
  readonly code: string
  readonly schemaName: string | null
  readonly table: string | null
  readonly column: string | null
  readonly object: string | null
}

/** Whether a plan resolves the finding by giving the database what the schema defines. */
export function canBePlanned({ code, severity, missingIn }: Finding): boolean {
  return PLANNED.has(code) && severity === 'warning' && missingIn === undefined
}

export function plannedObjectOf({ code, schemaName, table, column, object }: Finding): PlannedObject {
  return { code, schemaName, table, column, object }
}

/** The steps of a plan for the object: its own, or all of its table if the table is missing. */
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
