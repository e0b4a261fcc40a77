import type { ExternalNames } from '../../../audit/database-index'
import { expectedDatabase } from '../../../expected/expected-database'
import type { ExpectedDatabase, ExpectedForeignKey, ExpectedIndex, ExpectedTable } from '../../../expected/model'
import type { DatabaseEnum, DatabaseModel } from '../../../database/model'
import { quoteQualified } from '../../../database/quote'
import type { SchemaModel } from '../../../schema/model'
import type { Plan, Refusal, Step, Warning } from '../../model'
import { STEP_KINDS } from '../../step-kinds'
import type { ForeignKeyPlace } from '../audit-target'
import { withEstimate } from '../estimate'
import { withLookupSchema } from '../lookup-schema'
import { constraintNamesOf } from '../taken-names'
import { whyNoKey } from '../key-to-reference'
import { isPartitioned, rowHolders } from '../partitions'
import { hiddenRowRefusals } from '../rows-read'
import { addForeignKey, addForeignKeyToNewTable, attachForeignKey } from '../steps/add-foreign-key'
import { noOrphans } from '../steps/precondition'
import { validateForeignKey } from '../steps/validate-constraint'
import { takenNamesOf } from '../taken-names'
import { whyUnfit } from '../unfit-tables'
import { copiedRowsWarnings } from '../copied-rows'
import { eachOnce, notOwner, ownersCodeWarnings } from '../warnings'
import type { CoveredColumn, DriftContext } from './drift-context'
import {
  findMissingObjects,
  type MissingEnum,
  type MissingEnumValue,
  type MissingObjects,
  type MissingParts,
  type MissingTable,
} from './missing-objects'
import { renameValue } from '../../../audit/matching/likely-renames'
import { planMissingColumns } from './plan-columns'
import { fillingsOfBrokenRun } from './fillings-of-broken-run'
import { planMissingIndexes } from './plan-indexes'
import { planNewTable } from './plan-tables'
import { addEnumValue, createEnum, createExtension, createSchema } from './steps/whole-objects'
import { titleOfRelation, titleOfTable } from '../titles'
import { phrase, type Phrase } from '../../../text/phrase'

export interface DriftProject {
  readonly schema: SchemaModel
  readonly database: DatabaseModel
  readonly external?: ExternalNames | undefined
  /** Of the schema, if already computed. */
  readonly expected?: ExpectedDatabase
  /** Of `expected`, if already found. */
  readonly missing?: MissingObjects
  /** Audit fields that have their own plan or that a comment ignores: everything based on them is left out. */
  readonly covered: readonly CoveredColumn[]
}

/**
 * The ordered steps that give the database everything that the schema defines, as Prisma would create it. Only missing
 * objects are created; nothing is changed or dropped. Total: what cannot be planned is in `refusals`.
 */
export function planDrift({ schema, database, external, covered, expected, missing: found }: DriftProject): Plan {
  const missing = found ?? findMissingObjects(expected ?? expectedDatabase(schema), database, external)
  const refusals: Refusal[] = missing.views.map(({ model, schema: own, name }) => ({
    code: 'view-unknown',
    model,
    object: name,
    reason: phrase`The view ${titleOfTable({ schema: own, table: name })} is missing. Prisma schemas do not contain the query of a view: create it yourself.`,
    blocking: false,
  }))
  refusals.push(
    ...missing.tables.flatMap(renamedTable),
    ...missing.enums.flatMap(renamedEnum),
    ...missing.enumValues.flatMap(renamedValue),
  )
  const newValues = missing.enumValues.filter(({ likelyFormer }) => likelyFormer === null)
  const context: DriftContext = {
    database,
    takenNames: takenNamesOf(database),
    covered,
    refuse: (model, code, object, reason, blocking) => refusals.push({ code, model, object, reason, blocking }),
  }
  const newTables = missing.tables.filter(({ likelyFormer }) => likelyFormer === null)
  const tables = newTables.map((table) => planNewTable(table, context))
  const parts = missing.parts.filter((part) => isFit(part, context))
  const columns = parts.map((part) => planMissingColumns(part, context))
  const indexes = parts.map((part, position) => planMissingIndexes(part, columns[position]?.refused ?? [], context))
  const known = [...newTables, ...missing.parts]
  const keys = [
    ...newTables.flatMap((table, position) => (tables[position] === null ? [] : keysOfNewTable(table, context, known))),
    ...parts.flatMap((part, position) => keysOfTable(part, columns[position]?.refused ?? [], context, known)),
  ]
  const steps = [
    ...columns.flatMap(({ preconditions }) => preconditions),
    ...indexes.flatMap(({ preconditions }) => preconditions),
    ...keys.flatMap(({ preconditions }) => preconditions),
    ...missing.schemas.map(createSchema),
    ...missing.extensions.map(createExtension),
    ...missing.enums
      .filter(({ likelyFormer }) => likelyFormer === null)
      .map((each) =>
        createEnum(each.schema, { name: each.expected.name, values: each.expected.values.map(({ name }) => name) }),
      ),
    ...newValues.map(({ actual, value }) => addEnumValue(actual, value)),
    ...tables.flatMap((step) => (step === null ? [] : [step])),
    ...columns.flatMap(({ additions }) => additions),
    ...columns.flatMap(({ fillings }) => fillings),
    ...indexes.flatMap((each) => each.steps),
    ...keys.flatMap(({ additions }) => additions),
    ...keys.flatMap(({ validations }) => validations),
  ]
  const warnings = [
    ...eachOnce(parts.flatMap(({ actual }) => (actual.canAlter ? [] : [notOwner(titleOfRelation(actual))]))),
    ...ownersCodeWarnings(parts.map(({ actual }) => actual)),
    ...copiedRowsWarnings(steps, database),
    ...(newValues.length === 0 ? [] : [enumValuesStay(newValues)]),
  ]
  const checks = steps
    .filter(({ kind, id }) => STEP_KINDS[kind].isLasting === true || id.startsWith('set-not-null:'))
    .flatMap((step) => step.verify)
  const models = new Map(
    missing.parts.map(({ actual, expected: { model } }) => [quoteQualified(actual.schema, actual.name), model]),
  )
  refusals.push(...hiddenRowRefusals(steps, database, (table) => models.get(table)))
  const planned = withLookupSchema(steps.map(withEstimate), database.defaultSchema)
  const fillings = fillingsOfBrokenRun(schema, context)
  return {
    ...{ steps: planned, checks, warnings, refusals, additions: [] },
    fillings: withLookupSchema(fillings.map(withEstimate), database.defaultSchema),
  }
}

/** Blocking, because foreign keys of other tables may reference it. */
function renamedTable({ expected, likelyFormer }: MissingTable): Refusal[] {
  if (likelyFormer === null) return []
  const reason = phrase`${expected.model} was likely renamed from the table ${titleOfRelation(likelyFormer)}, which has the same columns, but only in the schema, so the plan does not create a second table. Add @@map(${JSON.stringify(likelyFormer.name)}) to the model; or, if it is a new model, add the comment /// @audit-ignore renamed above it.`
  return [{ code: 'likely-renamed', model: expected.model, object: '', reason, blocking: true }]
}

/** Blocking, because new columns and tables may need the type. */
function renamedEnum({ expected, likelyFormer }: MissingEnum): Refusal[] {
  if (likelyFormer === null) return []
  const { name } = expected.block
  const reason = phrase`${name.text} was likely renamed from the enum type ${titleOfRelation(likelyFormer)}, which has ${haveSameValues(expected, likelyFormer) ? phrase`the same values` : phrase`most of its values`}, but only in the schema, so the plan does not create a second type. Add @@map(${JSON.stringify(likelyFormer.name)}) to the enum; or, if it is a new enum, add the comment /// @audit-ignore renamed above it.`
  return [{ code: 'likely-renamed', model: name.text, object: '', reason, blocking: true }]
}

function haveSameValues({ values }: MissingEnum['expected'], actual: DatabaseEnum): boolean {
  return values.length === actual.values.length && values.every(({ name }) => actual.values.includes(name))
}

function renamedValue({ actual, value, enumName, likelyFormer }: MissingEnumValue): Refusal[] {
  if (likelyFormer === null) return []
  const reason = phrase`The value ${value} of ${enumName} was likely renamed from ${likelyFormer} of ${titleOfRelation(actual)}, but only in the schema, so the plan does not add a second value. Add @map(${JSON.stringify(likelyFormer)}) to it, or run ${renameValue(actual, likelyFormer, value)}; or, if it is a new value, add the comment /// @audit-ignore renamed above the enum.`
  return [{ code: 'likely-renamed', model: enumName, object: value, reason, blocking: false }]
}

interface PlannedKey {
  readonly preconditions: readonly Step[]
  readonly additions: readonly Step[]
  readonly validations: readonly Step[]
}

function keysOfNewTable({ schema, expected }: MissingTable, context: DriftContext, known: Known): PlannedKey[] {
  return expected.foreignKeys.flatMap((key) => {
    if (!canReferTo(expected, key, context, known)) return []
    const place = placeOf(key, { schema, table: expected.name, databaseTable: null }, context)
    return [{ preconditions: [], additions: [addForeignKeyToNewTable(place)], validations: [] }]
  })
}

function keysOfTable(
  { expected, actual, foreignKeys, columns: added }: MissingParts,
  refused: readonly string[],
  context: DriftContext,
  known: Known,
): PlannedKey[] {
  return foreignKeys.flatMap((key) => {
    const isCovered = context.covered.some(
      (target) => target.schema === actual.schema && target.table === actual.name && isOnly(key.columns, target.column),
    )
    if (isCovered || key.columns.some((column) => refused.includes(column))) return []
    if (!canReferTo(expected, key, context, known)) return []
    if (constraintNamesOf(actual).has(key.name)) {
      const table = quoteQualified(actual.schema, actual.name)
      context.refuse(
        expected.model,
        'name-taken',
        key.name,
        phrase`Another constraint of ${table} has the name of the foreign key "${key.name}": rename it (ALTER TABLE ${table} RENAME CONSTRAINT …), or set another name with map: in the @relation.`,
        true,
      )
      return []
    }
    const place = placeOf(key, { schema: actual.schema, table: actual.name, databaseTable: actual }, context)
    const isNew = key.columns.some((column) => added.some(({ name }) => name === column))
    const hasBoth = !isNew && hasColumns(place.referenced, context)
    return [
      {
        preconditions: hasBoth ? [noOrphans(place)] : [],
        additions: rowHolders(place).map(addForeignKey),
        validations: [
          ...rowHolders(place).map(validateForeignKey),
          ...(isPartitioned(place) ? [attachForeignKey(place)] : []),
        ],
      },
    ]
  })
}

type Known = readonly (MissingTable | MissingParts)[]

/** Whether the other table has such a key, or this plan creates it. */
function canReferTo(expected: ExpectedTable, key: ExpectedForeignKey, context: DriftContext, known: Known): boolean {
  const schema = key.referencedSchema ?? context.database.defaultSchema
  const found = context.database.tables.find((table) => table.schema === schema && table.name === key.referencedTable)
  const planned = known.find(
    (each) =>
      (each.expected.schema ?? context.database.defaultSchema) === schema && each.expected.name === key.referencedTable,
  )
  const names = [...(found?.columns ?? []), ...(planned?.expected.columns ?? [])].map(({ name }) => name)
  const label = titleOfTable({ schema, table: key.referencedTable })
  const refuse = (why: Phrase) => {
    context.refuse(
      expected.model,
      'reference-missing',
      key.name,
      phrase`The foreign key "${key.name}" cannot be added: ${why}.`,
      false,
    )
    return false
  }
  if (!key.referencedColumns.every((column) => names.includes(column)))
    return refuse(phrase`${label} lacks the referenced columns`)
  const added = planned !== undefined && 'indexes' in planned ? planned.indexes : []
  if (found === undefined || added.some((index) => isKeyOn(index, key.referencedColumns))) return true
  const why = whyNoKey(found, key.referencedColumns)
  return why === null || refuse(why)
}

function isKeyOn({ unique, isPartial, columns }: ExpectedIndex, referenced: readonly string[]): boolean {
  const isSame = columns.length === referenced.length && columns.every(({ column }) => referenced.includes(column))
  return unique && !isPartial && isSame
}

function hasColumns({ schema, table, columns }: ForeignKeyPlace['referenced'], { database }: DriftContext): boolean {
  const found = database.tables.find((each) => each.schema === schema && each.name === table)
  return columns.every((column) => found?.columns.some(({ name }) => name === column) === true)
}

function placeOf(
  key: ExpectedForeignKey,
  at: Pick<ForeignKeyPlace, 'schema' | 'table' | 'databaseTable'>,
  { database }: DriftContext,
): ForeignKeyPlace {
  const { name, columns, referencedColumns, referencedTable, onDelete, onUpdate } = key
  const schema = key.referencedSchema ?? database.defaultSchema
  return {
    ...at,
    name,
    columns,
    onDelete,
    onUpdate,
    referenced: { schema, table: referencedTable, columns: referencedColumns },
  }
}

function isFit({ expected, actual }: MissingParts, { refuse }: DriftContext): boolean {
  const reason = whyUnfit(actual)
  if (reason !== null) refuse(expected.model, 'table-unfit', '', reason, false)
  return reason === null
}

function isOnly(columns: readonly string[], column: string): boolean {
  return columns.length === 1 && columns[0] === column
}

function enumValuesStay(added: readonly MissingEnumValue[]): Warning {
  const text = phrase`A rollback does not remove added enum values: PostgreSQL cannot drop an enum value.`
  const object = added.map(({ actual, value }) => `${titleOfRelation(actual)} ${value}`).join(', ')
  return { code: 'enum-value-stays', object, text }
}
