import type { Step } from '../../model'
import { columnDefinition } from './column-definition'
import type { DriftContext } from './drift-context'
import { indexDefinition } from './index-definition'
import type { MissingTable } from './missing-objects'
import { createTable } from './steps/whole-objects'
import { titleOfName, titleOfTable } from '../titles'
import { phrase, type Phrase } from '../../../text/phrase'

/** Null if the schema does not define enough to create the table; the reason is in the refusals. */
export function planNewTable({ schema, expected }: MissingTable, context: DriftContext): Step | null {
  const { refuse, takenNames } = context
  const label = titleOfTable({ schema, table: expected.name })
  const columns = expected.columns.map((column) => ({
    name: column.name,
    nullable: column.nullable || column.isList,
    field: column.field,
    definition: columnDefinition(column, context.database),
  }))
  const unclear = columns.filter(({ definition }) => definition === null)
  if (unclear.length > 0) {
    const names = unclear.map(({ name }) => titleOfName(name)).join(', ')
    const reason = phrase`The schema does not define the type of ${names} of ${label}, so the table is not created.`
    refuse(expected.model, 'type-unknown', '', reason, true)
    return null
  }
  const taken = takenNames(schema)
  taken.add(expected.name)
  const indexes = expected.indexes.flatMap((index) => {
    const definition = indexDefinition(index)
    if (definition === null) refuse(expected.model, 'condition-unknown', index.name, unreadCondition(index.name), false)
    else if (taken.has(index.name)) refuse(expected.model, 'name-taken', index.name, nameIsTaken(index.name), true)
    else {
      taken.add(index.name)
      return [{ name: index.name, unique: index.unique, definition }]
    }
    return []
  })
  const known = columns.flatMap(({ definition, ...column }) => (definition === null ? [] : [{ ...column, definition }]))
  return createTable({ schema, expected, columns: known, indexes })
}

export function unreadCondition(index: string): Phrase {
  return phrase`The condition of the index ${titleOfName(index)} cannot be parsed; write it as raw("…"), or create the index yourself.`
}

export function nameIsTaken(index: string): Phrase {
  return phrase`The name ${titleOfName(index)} is already taken. Set another name for the index with map: "…".`
}
