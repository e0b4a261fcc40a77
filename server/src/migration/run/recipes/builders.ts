import * as z from 'zod'
import { describeFaults } from '../../../text/input-faults'
import { recordStep } from '../../history/record-step'
import type { Step } from '../../model'
import type { StepBuilder } from '../../step-kinds'
import { actorFunction } from '../../plan/actor-triggers'
import { clockFunction } from '../../plan/clock-function'
import { addMissingColumn, setDefault, setNotNullOfAnyType } from '../../plan/drift/steps/columns'
import {
  addEnumValue,
  createEnum,
  createExtension,
  createSchema,
  createTable,
} from '../../plan/drift/steps/whole-objects'
import { columnTarget, timestampTarget, withTable } from '../../plan/recipe-parts'
import { addColumn } from '../../plan/steps/add-column'
import { addForeignKey, addForeignKeyToNewTable, attachForeignKey } from '../../plan/steps/add-foreign-key'
import { createActorTrigger } from '../../plan/steps/create-actor-trigger'
import { createFunction, createTriggerFunction } from '../../plan/steps/create-function'
import { createIndex } from '../../plan/steps/create-index'
import { createTrigger, disableTrigger, enableTrigger } from '../../plan/steps/create-trigger'
import { dropDefault } from '../../plan/steps/drop-default'
import { holdColumns, releaseColumns } from '../../plan/steps/hold-columns'
import { attachIndexes, emptyIndex } from '../../plan/steps/partitioned-index'
import { fillStep } from '../../plan/steps/populate'
import { forgottenPrecondition } from '../../plan/steps/precondition'
import { addNotNullCheck, setNotNull, validateNotNullCheck } from '../../plan/steps/set-not-null'
import { validateForeignKey } from '../../plan/steps/validate-constraint'
import { countNullsStep } from '../preserved/count-nulls-step'
import { restoreValuesStep } from '../preserved/restore-values-step'
import {
  actorTriggerWhen,
  columnDefinition,
  columnId,
  columnPlace,
  definitionTexts,
  existingTrigger,
  filledColumn,
  folder,
  heldPlace,
  foreignKeyPlace,
  indexPlace,
  keyColumn,
  keyColumns,
  name,
  partitionIndexes,
  sparedNulls,
  sqlText,
  timestampPlace,
  title,
} from './parameters'
import { expressionText, indexText, typeText, type SqlText } from './sql-texts'

type Made = { readonly step: Step; readonly texts: readonly SqlText[] } | { readonly fault: string }

/** Null for a name that is not one of ours: a journal may contain any. */
export function findBuilder(name: string): Build | null {
  return name in BUILDERS ? BUILDERS[name as keyof typeof BUILDERS] : null
}

type Build = (parameters: unknown) => Made

const BUILDERS: Readonly<Record<Exclude<StepBuilder, 'former'>, Build>> = Object.assign(Object.create(null) as object, {
  precondition: builder(
    z.strictObject({ id: z.string().max(1000), schema: name, table: name, title }),
    forgottenPrecondition,
  ),
  'add-column': builder(
    z.union([
      z.strictObject({ timestamp: timestampPlace, type: sqlText, fillsLater: z.literal(true).exactOptional() }),
      z.strictObject({ column: columnPlace, type: sqlText }),
    ]),
    (given) =>
      'timestamp' in given
        ? addColumn(timestampTarget(given.timestamp), given.type, given.fillsLater ?? false)
        : addColumn(columnTarget(given.column), given.type),
    (given) => [
      typeText(given.type),
      ...('timestamp' in given ? [typeText(given.timestamp.type.sql), ...lastingDefault(given.timestamp)] : []),
    ],
  ),
  'add-foreign-key': builder(foreignKeyPlace, (place) => addForeignKey(withTable(place))),
  'attach-foreign-key': builder(foreignKeyPlace, (place) => attachForeignKey(withTable(place))),
  'add-foreign-key-to-new-table': builder(foreignKeyPlace, (place) => addForeignKeyToNewTable(withTable(place))),
  'validate-foreign-key': builder(foreignKeyPlace, (place) => validateForeignKey(withTable(place))),
  'create-function': builder(
    z.strictObject({ schema: name, name, column: name, isZoned: z.boolean(), table: name }),
    ({ table, ...clock }) => createFunction(clockFunction(clock), table),
  ),
  'create-actor-function': builder(
    z.strictObject({ schema: name, name, column: name, when: actorTriggerWhen, table: name }),
    ({ table, column, when, ...recipe }) =>
      createTriggerFunction(actorFunction(recipe, column, when), table, {
        builder: 'create-actor-function',
        parameters: { ...recipe, column, when, table },
      }),
  ),
  'create-actor-trigger': builder(
    z.strictObject({
      column: columnPlace,
      fires: z.enum(['write', 'create', 'given']),
      trigger: name,
      function: z.strictObject({ schema: name, name }),
    }),
    ({ column, ...given }) => createActorTrigger({ ...withTable(column), ...given }),
  ),
  'create-trigger': builder(
    z.strictObject({ timestamp: timestampPlace, trigger: name, clock: z.strictObject({ schema: name, name }) }),
    ({ timestamp, trigger, clock }) => createTrigger(timestampTarget(timestamp), { name: trigger }, clock),
  ),
  'enable-trigger': builder(existingTrigger, ({ timestamp, ...trigger }) =>
    enableTrigger(timestampTarget(timestamp), trigger),
  ),
  'disable-trigger': builder(existingTrigger, ({ timestamp, ...trigger }) =>
    disableTrigger(timestampTarget(timestamp), trigger),
  ),
  'drop-default': builder(
    timestampPlace.extend({ hasTrigger: z.boolean() }),
    ({ hasTrigger, ...timestamp }) => dropDefault(timestampTarget(timestamp), hasTrigger),
    lastingDefault,
  ),
  fill: builder(
    z.strictObject({
      column: filledColumn,
      value: sqlText,
      isOneValue: z.boolean(),
      readsFrom: z.string().max(1000).nullable(),
      name: z.enum(['populate', 'populate-latecomers']),
      title,
      spared: sparedNulls.exactOptional(),
    }),
    ({ column, ...filling }) => {
      const { databaseTable, ...place } = withTable(column)
      if (databaseTable === null) throw new Error('A column without its table cannot be filled.')
      return fillStep({ ...place, databaseTable }, databaseTable, filling)
    },
    ({ column, value, spared = [] }) => [
      expressionText(value),
      ...spared.flatMap(({ key }) => key.map(({ type }) => typeText(type))),
      ...(column.databaseTable.primaryKey?.columns ?? []).map(({ type }) => typeText(type)),
    ],
  ),
  'hold-columns': builder(heldPlace, (place) => holdColumns(place)),
  'release-columns': builder(heldPlace, (place) => releaseColumns(place)),
  'put-back': builder(
    z.strictObject({
      kept: z.strictObject({
        id: columnId,
        schema: name,
        table: name,
        column: name,
        type: sqlText,
      }),
      values: z.number().nonnegative(),
      key: keyColumns,
      newer: z.array(columnId).max(10_000).exactOptional(),
      user: z.strictObject({ schema: name, table: name, key: keyColumn.nullable() }).nullable(),
    }),
    restoreValuesStep,
    ({ kept, key, user }) => [
      typeText(kept.type),
      ...key.map(({ type }) => typeText(type)),
      ...(user?.key === null || user?.key === undefined ? [] : [typeText(user.key.type)]),
    ],
  ),
  'count-nulls': builder(
    z.strictObject({
      kept: z.strictObject({ id: columnId, schema: name, table: name, column: name }),
      nulls: z.number().nonnegative(),
      key: keyColumns,
    }),
    countNullsStep,
    ({ key }) => key.map(({ type }) => typeText(type)),
  ),
  'add-not-null-check': builder(columnPlace, (place) => addNotNullCheck(withTable(place))),
  'validate-not-null-check': builder(columnPlace, (place) => validateNotNullCheck(withTable(place))),
  'set-not-null': builder(columnPlace, (place) => setNotNull(withTable(place))),
  'set-not-null-of-any-type': builder(columnPlace, (place) => setNotNullOfAnyType(withTable(place))),
  'create-index': builder(
    z.strictObject({ index: indexPlace, name }),
    ({ index, name: indexName }) => createIndex(withTable(index), indexName),
    ({ index }) => [indexText(index.definition)],
  ),
  'create-partitioned-index': builder(
    z.strictObject({ index: indexPlace, name }),
    ({ index, name: indexName }) => emptyIndex(withTable(index), indexName),
    ({ index }) => [indexText(index.definition)],
  ),
  'attach-indexes': builder(
    z.strictObject({ index: indexPlace, name, partitions: partitionIndexes }),
    ({ index, name: indexName, partitions }) => attachIndexes(withTable(index), { name: indexName }, partitions),
    ({ index }) => [indexText(index.definition)],
  ),
  'add-missing-column': builder(
    z.strictObject({ column: columnPlace, definition: columnDefinition, defaultSchema: name }),
    ({ column, definition, defaultSchema }) => addMissingColumn(withTable(column), definition, defaultSchema),
    ({ definition }) => definitionTexts(definition),
  ),
  'set-default': builder(
    z.strictObject({ column: columnPlace, definition: columnDefinition, sequence: z.string().max(300) }),
    ({ column, definition, sequence }) => setDefault(withTable(column), definition, sequence),
    ({ definition }) => definitionTexts(definition),
  ),
  'create-schema': builder(z.strictObject({ name }), (given) => createSchema(given.name)),
  'create-extension': builder(
    z.strictObject({ name, schema: name.nullable(), version: z.string().max(300).nullable() }),
    (given) => createExtension(given),
  ),
  'create-enum': builder(
    z.strictObject({ schema: name, name, values: z.array(z.string().max(300)).max(10_000) }),
    ({ schema, ...given }) => createEnum(schema, given),
  ),
  'add-enum-value': builder(z.strictObject({ schema: name, name, value: z.string().max(300) }), ({ value, ...type }) =>
    addEnumValue(type, value),
  ),
  'create-table': builder(
    z.strictObject({
      schema: name,
      name,
      primaryKey: z.strictObject({ name, columns: z.array(name).max(100) }).nullable(),
      columns: z.array(z.strictObject({ name, nullable: z.boolean(), definition: columnDefinition })).max(2000),
      indexes: z.array(z.strictObject({ name, unique: z.boolean(), definition: sqlText })).max(1000),
    }),
    ({ schema, name: table, primaryKey, columns, indexes }) =>
      createTable({ schema, expected: { name: table, primaryKey }, columns, indexes }),
    ({ columns, indexes }) => [
      ...columns.flatMap(({ definition }) => definitionTexts(definition)),
      ...indexes.map(({ definition }) => indexText(definition)),
    ],
  ),
  'record-history': builder(
    z.strictObject({ folder, schema: name, id: z.enum(['record-history', 'record-roll-back']) }),
    ({ folder: migration, schema, id }) => recordStep(migration, schema, id),
  ),
})

/** `texts` are the parameters that become SQL unchanged: everything else is quoted. */
function builder<Parameters>(
  schema: z.ZodType<Parameters>,
  build: (parameters: Parameters) => Step,
  texts: (parameters: Parameters) => readonly SqlText[] = () => [],
) {
  return (given: unknown): Made => {
    const parsed = schema.safeParse(given)
    if (!parsed.success) return { fault: describeFaults(parsed.error).slice(0, 500) }
    return { step: build(parsed.data), texts: texts(parsed.data) }
  }
}

function lastingDefault({ lastingDefault: text }: { readonly lastingDefault: string | null }): SqlText[] {
  return text === null ? [] : [expressionText(text)]
}
