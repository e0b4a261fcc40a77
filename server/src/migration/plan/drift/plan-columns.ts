import type { ExpectedColumn } from '../../../expected/model'
import type { RefusalCode, Step } from '../../model'
import type { ColumnPlace } from '../audit-target'
import { sequenceName } from '../names'
import { noRowsFor, REQUIRED_WITHOUT_DEFAULT } from '../steps/precondition'
import { columnDefinition, type ColumnDefinition } from './column-definition'
import type { DriftContext } from './drift-context'
import type { MissingParts } from './missing-objects'
import { addMissingColumn, fillSteps } from './steps/columns'
import { titleOfColumn } from '../titles'
import { phrase, type Phrase } from '../../../text/phrase'
import { phraseOfPrecondition } from '../precondition-texts'

export interface PlannedColumns {
  readonly preconditions: readonly Step[]
  readonly additions: readonly Step[]
  readonly fillings: readonly Step[]
  /** Names of columns that are not created, so that nothing is built on them. */
  readonly refused: readonly string[]
}

export function planMissingColumns(
  { expected, actual, columns, likelyFormer }: MissingParts,
  context: DriftContext,
): PlannedColumns {
  const preconditions: Step[] = []
  const additions: Step[] = []
  const fillings: Step[] = []
  const refused: string[] = []
  const { schema, name: table } = actual
  const refuse = (column: ExpectedColumn, code: RefusalCode, reason: Phrase) => {
    refused.push(column.name)
    context.refuse(expected.model, code, column.name, reason, true)
  }
  for (const column of columns) {
    if (isCovered(column, actual, context)) continue
    const former = likelyFormer.get(column)
    if (former !== undefined) {
      refused.push(column.name)
      context.refuse(
        expected.model,
        'likely-renamed',
        column.name,
        phrase`${expected.model}.${column.field} was likely renamed from the column ${titleOfColumn({ schema, table, column: former.name })}, but only in the schema, so the plan does not add a second column. Add @map(${JSON.stringify(former.name)}) to the field; or, if it is a new field, add the comment /// @audit-ignore renamed above it.`,
        false,
      )
      continue
    }
    const definition = columnDefinition(column, context.database)
    const label = titleOfColumn({ schema, table, column: column.name })
    if (definition === null) {
      refuse(column, 'type-unknown', phrase`The schema does not define the type of ${label}.`)
      continue
    }
    const nullable = column.nullable || column.isList
    if (!nullable && definition.default === null && definition.serial === null) {
      const rows = actual.partitions?.reduce((sum, each) => sum + (each.estimatedRows ?? 0), 0) ?? actual.estimatedRows
      if ((rows ?? 0) > 0) {
        refuse(
          column,
          'value-required',
          phrase`${label} is required and has no database default, but the table has rows. ${phraseOfPrecondition(REQUIRED_WITHOUT_DEFAULT)}`,
        )
        continue
      }
      preconditions.push(noRowsFor({ schema, table, column: column.name }))
    }
    const place: ColumnPlace = {
      schema,
      table,
      column: column.name,
      nullable,
      type: definition.type,
      databaseTable: actual,
    }
    additions.push(addMissingColumn(place, definition, context.database.defaultSchema))
    if (!definition.isConstant)
      fillings.push(...fillSteps(place, definition, freeSequenceName(place, definition, context)))
  }
  return { preconditions, additions, fillings, refused }
}

function isCovered(column: ExpectedColumn, actual: MissingParts['actual'], { covered }: DriftContext): boolean {
  return covered.some(
    (target) => target.schema === actual.schema && target.table === actual.name && target.column === column.name,
  )
}

function freeSequenceName(
  { schema, table, column }: ColumnPlace,
  { serial }: ColumnDefinition,
  { takenNames }: DriftContext,
): string {
  if (serial === null) return ''
  const taken = takenNames(schema)
  let name = sequenceName(table, column, '_seq')
  for (let number = 1; taken.has(name); number++) name = sequenceName(table, column, `_seq${number}`)
  taken.add(name)
  return name
}
