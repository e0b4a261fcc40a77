import { expectedDatabase } from '../../../expected/expected-database'
import type { SchemaModel } from '../../../schema/model'
import type { Step } from '../../model'
import type { StepKind } from '../../step-kinds'
import { columnDefinition } from './column-definition'
import type { DriftContext } from './drift-context'
import { fillSteps } from './steps/columns'

/**
 * See `Plan.fillings`: existing columns whose default differs per row, which a run adds without default and NOT NULL
 * first. Sequences are not included, because the run that created one chose its name.
 */
export function fillingsOfBrokenRun(schema: SchemaModel, { database, covered }: DriftContext): Step[] {
  const tables = new Map(database.tables.map((table) => [`${table.schema}\0${table.name}`, table]))
  return expectedDatabase(schema).models.flatMap(({ table: expected }) => {
    const actual = tables.get(`${expected.schema ?? database.defaultSchema}\0${expected.name}`)
    if (actual === undefined) return []
    return expected.columns.flatMap((column) => {
      const found = actual.columns.find(({ name }) => name === column.name)
      if (found === undefined || column.default?.kind !== 'expression') return []
      const place = { schema: actual.schema, table: actual.name, column: column.name }
      if (covered.some((other) => isSame(other, place))) return []
      const definition = columnDefinition(column, database)
      if (definition === null || definition.isConstant) return []
      const nullable = column.nullable || column.isList
      const whole = { ...place, nullable, type: definition.type, databaseTable: actual }
      return fillSteps(whole, definition, '').filter(({ kind }) => HOLD_THE_DEFAULT.has(kind))
    })
  })
}

const HOLD_THE_DEFAULT: ReadonlySet<StepKind> = new Set<StepKind>(['set-default', 'populate'])

interface Place {
  readonly schema: string
  readonly table: string
  readonly column: string
}

function isSame(one: Place, other: Place): boolean {
  return one.schema === other.schema && one.table === other.table && one.column === other.column
}
