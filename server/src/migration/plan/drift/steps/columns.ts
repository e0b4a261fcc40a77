import { quoteIdentifier, quoteLiteral, quoteQualified } from '../../../../database/quote'
import { columnTypeCheck, hasDefaultCheck, notNullCheck } from '../../checks/structure'
import { step } from '../../steps/step'
import type { Step } from '../../../model'
import type { ColumnPlace } from '../../audit-target'
import { rowHolders, isPartitioned, wholeTree } from '../../partitions'
import { dropColumnWhenEmpty } from '../../steps/drop-when-empty'
import { firedByFill, withOtherColumnsHeld } from '../../steps/hold-columns'
import { fillColumn } from '../../steps/populate'
import { addNotNullCheck, setNotNull, validateNotNullCheck } from '../../steps/set-not-null'
import { tableName, whenColumnExists } from '../../sql'
import { columnClause, type ColumnDefinition } from '../column-definition'
import { recipeColumn } from '../../recipe-parts'
import { titleOfColumn } from '../../titles'

/**
 * A column that PostgreSQL adds without rewriting the table. One whose default differs per row (a sequence, a random
 * uuid) is added without it and nullable: see `fillSteps`.
 */
export function addMissingColumn(place: ColumnPlace, definition: ColumnDefinition, defaultSchema: string): Step {
  const column = quoteIdentifier(place.column)
  const isWhole = definition.isConstant
  const clause = isWhole ? columnClause(definition, place.nullable) : definition.type.sql
  const filled =
    isWhole && definition.default !== null ? { value: definition.default, type: definition.type.sql } : null
  const { held, down } = dropColumnWhenEmpty(place, filled)
  return step({
    ...common(place),
    recipe: { builder: 'add-missing-column', parameters: { column: recipeColumn(place), definition, defaultSchema } },
    id: `add-column:${place.schema}.${place.table}.${place.column}`,
    kind: 'add-column',
    title: `Add column ${titleOfColumn(place)}`,
    object: place.column,
    columnType: definition.type.sql,
    ...(isWhole && definition.default !== null ? { addsDefault: true } : {}),
    up: [`ALTER TABLE ${tableName(place)} ADD COLUMN IF NOT EXISTS ${column} ${clause}`],
    down: [down],
    verify: [columnTypeCheck(place, definition.type.sql, mayLieElsewhere(definition) ? defaultSchema : null)],
    holdsData: held,
    ...(isWhole && definition.default === null && !place.nullable ? { insertMustName: place.column } : {}),
  })
}

/** A user-defined type that is written without its schema: Unsupported("…") or citext. */
function mayLieElsewhere({ type }: ColumnDefinition): boolean {
  return !type.sql.startsWith('"') && (type.dataType === null || /^citext\b/i.test(type.sql))
}

/** The default, then the existing rows, then NOT NULL. */
export function fillSteps(place: ColumnPlace, definition: ColumnDefinition, sequence: string): Step[] {
  const value =
    definition.serial === null
      ? `(${definition.default ?? 'NULL'}\n)`
      : `pg_catalog.nextval(${quoteLiteral(quoteQualified(place.schema, sequence))})`
  const holders = rowHolders(place)
  const fill = (name: 'populate' | 'populate-latecomers') =>
    holders.flatMap((holder) =>
      holder.databaseTable === null
        ? []
        : withOtherColumnsHeld(
            firedByFill(holder.databaseTable),
            place.column,
            fillColumn(holder, holder.databaseTable, value, name),
          ),
    )
  const notNull = place.nullable
    ? []
    : [
        addNotNullCheck(place),
        ...fill('populate-latecomers'),
        ...[...holders, ...(isPartitioned(place) ? [place] : [])].map(validateNotNullCheck),
        setNotNullOfAnyType(place),
      ]
  return [setDefault(place, definition, sequence), ...fill('populate'), ...notNull]
}

/** The catalog's spelling of a schema type is not always known. */
export function setNotNullOfAnyType(place: ColumnPlace): Step {
  return {
    ...setNotNull(place),
    recipe: { builder: 'set-not-null-of-any-type', parameters: recipeColumn(place) },
    verify: [notNullCheck(place)],
  }
}

export function setDefault(place: ColumnPlace, definition: ColumnDefinition, sequence: string): Step {
  const alter = (rest: string) =>
    `ALTER TABLE ${tableName(place)} ALTER COLUMN ${quoteIdentifier(place.column)} ${rest}`
  const name = quoteQualified(place.schema, sequence)
  const isSerial = definition.serial !== null
  return step({
    ...common(place),
    recipe: { builder: 'set-default', parameters: { column: recipeColumn(place), definition, sequence } },
    id: `set-default:${place.schema}.${place.table}.${place.column}`,
    kind: 'set-default',
    title: `Set the default of ${titleOfColumn(place)}`,
    up: isSerial
      ? [
          `CREATE SEQUENCE IF NOT EXISTS ${name} AS ${definition.type.sql}`,
          alter(`SET DEFAULT pg_catalog.nextval(${quoteLiteral(name)})`),
          `ALTER SEQUENCE ${name} OWNED BY ${tableName(place)}.${quoteIdentifier(place.column)}`,
        ]
      : [alter(`SET DEFAULT ${definition.default ?? 'NULL'}`)],
    down: [whenColumnExists(place, alter('DROP DEFAULT')), ...(isSerial ? [`DROP SEQUENCE IF EXISTS ${name}`] : [])],
    verify: [hasDefaultCheck(place)],
  })
}

function common(place: ColumnPlace) {
  return {
    schema: place.schema,
    table: place.table,
    lock: { mode: 'ACCESS EXCLUSIVE', tables: wholeTree(place), duration: 'brief' },
  } as const
}
