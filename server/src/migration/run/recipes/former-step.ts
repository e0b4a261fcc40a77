import { phrase, type Phrase } from '../../../text/phrase'
import * as z from 'zod'
import { loadSqlParser } from '../../../lint/parse/sql-parser'
import { quoteIdentifier, quoteLiteral } from '../../../database/quote'
import { describeFaults } from '../../../text/input-faults'
import { recordStep } from '../../history/record-step'
import { ROLL_BACK_RECORD } from '../../history/roll-back-steps'
import type { Batch, Step } from '../../model'
import type { StepKind } from '../../step-kinds'
import { clockFunction } from '../../plan/clock-function'
import { setDefault } from '../../plan/drift/steps/columns'
import { createEnum, createExtension, createSchema } from '../../plan/drift/steps/whole-objects'
import { fillingDefaultOf } from '../../plan/filling-default'
import { tableName, whenColumnExists } from '../../plan/sql'
import { createFunction } from '../../plan/steps/create-function'
import { dropColumnWhenEmpty, dropTableWhenEmpty } from '../../plan/steps/drop-when-empty'
import { journalUnreadable } from '../own-schemas/errors'
import { folder, name, sqlText, title } from './parameters'
import type { StoredStep } from './rebuild-step'
import { expressionText, sqlFault, typeText, type SqlText } from './sql-texts'

/**
 * Steps of format 1, which had their SQL in the journal. None of it is run: the `down` of each is generated from its
 * kind and its names, so that a migration from that time can be rolled back. There is no `up`: an interrupted run of
 * that format is rolled back. Rejects with `journal-unreadable`.
 */
export async function rebuildFormerSteps(stored: readonly StoredStep[]): Promise<Step[]> {
  if (stored.length === 0) return []
  const parser = await loadSqlParser()
  return stored.map(({ label, definition }) => {
    const parsed = formerSchema.safeParse(parseJson(definition))
    if (!parsed.success)
      throw journalUnreadable(phrase`${label} has an unknown format: ${describeFaults(parsed.error).slice(0, 300)}`)
    const { texts, ...back } = wayBack(parsed.data, label)
    const fault = texts.map((text) => sqlFault(parser, text)).find((found) => found !== null)
    if (fault !== undefined) throw journalUnreadable(phrase`${label} has a text that is ${fault}.`)
    return stepOf(parsed.data, back, texts)
  })
}

/** For a step of format 1, which is never written again. */
export const FORMER_BUILDER = 'former'

/** All kinds that format 1 has: later kinds are not in it. */
const FORMER_KINDS = [
  ...(['precondition', 'add-column', 'create-function', 'create-trigger', 'add-foreign-key'] as const),
  ...(['validate-constraint', 'populate', 'put-back', 'set-not-null', 'create-index', 'create-schema'] as const),
  ...(['create-extension', 'create-enum', 'add-enum-value', 'create-table', 'set-default'] as const),
  ...(['create-partitioned-index', 'attach-index', 'attach-foreign-key', 'drop-default', 'record-history'] as const),
] as const satisfies readonly StepKind[]

const formerSchema = z.object({
  id: z.string().max(2000),
  kind: z.enum(FORMER_KINDS),
  title,
  schema: z.string().max(300),
  table: z.string().max(300),
  object: name.nullable(),
  transaction: z.enum(['own', 'none', 'batches']),
  down: z.array(sqlText).max(100),
  batch: z.object({ column: name, value: sqlText.nullable(), isOneValue: z.boolean() }).nullable(),
  holdsData: z.object({ count: sqlText }).optional(),
  folder: folder.optional(),
  lookupSchema: name.optional(),
})

type Former = z.infer<typeof formerSchema>

type Back = Partial<Pick<Step, 'down' | 'holdsData' | 'verify' | 'up'>>

function wayBack(step: Former, label: string | Phrase): Back & { readonly texts: readonly SqlText[] } {
  const { kind, id, schema, table, down } = step
  const place = { schema, table }
  const quoted = tableName(place)
  const named = step.object ?? ''
  const none = { texts: [] }
  /** The part of the identifier after the table. */
  const rest = id.slice(id.indexOf(':') + 1 + `${schema}.${table}.`.length)
  switch (kind) {
    case 'precondition':
    case 'validate-constraint':
    case 'put-back':
    case 'add-enum-value':
      return none
    case 'populate': {
      const value = step.batch?.value ?? null
      return { texts: value === null ? [] : [expressionText(value)] }
    }
    case 'record-history': {
      if (step.folder === undefined) throw journalUnreadable(phrase`${label} has no folder.`)
      const isRollback = id.startsWith(`${ROLL_BACK_RECORD}:`)
      const { up, verify } = recordStep(step.folder, schema, isRollback ? ROLL_BACK_RECORD : 'record-history')
      return { up, verify, ...none }
    }
    case 'add-column': {
      const column = { ...place, column: named }
      const drop = [`ALTER TABLE IF EXISTS ${quoted} DROP COLUMN IF EXISTS ${quoteIdentifier(named)}`]
      if (step.holdsData === undefined) return { down: drop, ...none }
      const filled = filledOf(step.holdsData.count)
      const { held, down: guarded } = dropColumnWhenEmpty(column, filled)
      return {
        down: [guarded],
        holdsData: held,
        texts: filled === null ? [] : [expressionText(filled.value), typeText(filled.type)],
      }
    }
    case 'create-function': {
      const [, inUtc, column] =
        /writes the time( in UTC)? into "((?:[^"]|"")[^"]*(?:""[^"]*)*)" whenever/.exec(down[0] ?? '') ?? []
      if (column === undefined) throw journalUnreadable(phrase`${label} does not say what its function does.`)
      const unquoted = column.replaceAll('""', '"').replaceAll("''", "'")
      const clock = { schema, name: named, column: unquoted, isZoned: inUtc === undefined }
      const { down: drop, verify } = createFunction(clockFunction(clock), table)
      return { down: drop, verify, ...none }
    }
    case 'create-trigger': {
      if (step.object !== null)
        return { down: [`DROP TRIGGER IF EXISTS ${quoteIdentifier(named)} ON ${quoted}`], ...none }
      const [verb = ''] =
        / (ENABLE REPLICA|ENABLE ALWAYS|ENABLE|DISABLE) TRIGGER "(?:[^"]|"")[^"]*(?:""[^"]*)*"$/
          .exec(down[0] ?? '')
          ?.slice(1) ?? []
      if (verb === '') throw journalUnreadable(phrase`${label} does not say how its trigger was enabled.`)
      return { down: [`ALTER TABLE ${quoted} ${verb} TRIGGER ${quoteIdentifier(rest)}`], ...none }
    }
    case 'add-foreign-key':
    case 'attach-foreign-key':
      return { down: [`ALTER TABLE IF EXISTS ${quoted} DROP CONSTRAINT IF EXISTS ${quoteIdentifier(named)}`], ...none }
    case 'set-not-null':
      return {
        down: [
          step.object === null
            ? whenColumnExists(
                { ...place, column: rest },
                `ALTER TABLE ${quoted} ALTER COLUMN ${quoteIdentifier(rest)} DROP NOT NULL`,
              )
            : `ALTER TABLE IF EXISTS ${quoted} DROP CONSTRAINT IF EXISTS ${quoteIdentifier(named)}`,
        ],
        ...none,
      }
    case 'create-index':
      return { down: [`DROP INDEX CONCURRENTLY IF EXISTS ${tableName({ schema, table: named })}`], ...none }
    case 'create-partitioned-index':
      return { down: [`DROP INDEX IF EXISTS ${tableName({ schema, table: named })}`], ...none }
    case 'attach-index': {
      const index = id.slice(`attach-index:${schema}.`.length)
      return { down: [`DROP INDEX IF EXISTS ${tableName({ schema, table: index })}`], ...none }
    }
    case 'create-schema':
      return { down: createSchema(named).down, ...none }
    case 'create-extension':
      return { down: createExtension({ name: named, schema: null, version: null }).down, ...none }
    case 'create-enum':
      return { down: createEnum(schema, { name: named, values: [] }).down, ...none }
    case 'create-table': {
      const { held, down: drop } = dropTableWhenEmpty({ schema, table: named })
      return { down: [drop], holdsData: held, ...none }
    }
    case 'set-default': {
      const column = { ...place, column: rest, nullable: true, type: null, databaseTable: null }
      const type = { sql: 'integer', catalog: 'integer', dataType: null }
      const sequence =
        /^DROP SEQUENCE IF EXISTS "(?:[^"]|"")[^"]*(?:""[^"]*)*"\."((?:[^"]|"")[^"]*(?:""[^"]*)*)"$/.exec(
          down[1] ?? '',
        )?.[1] ?? null
      const definition = { type, serial: sequence === null ? null : 'serial', default: null, isConstant: false }
      return { down: setDefault(column, definition, (sequence ?? '').replaceAll('""', '"')).down, ...none }
    }
    case 'drop-default': {
      const filling = fillingDefaultOf(!/AT TIME ZONE/i.test(down[0] ?? ''))
      const alter = `ALTER TABLE ${quoted} ALTER COLUMN ${quoteIdentifier(rest)} SET DEFAULT ${filling}`
      return { down: [whenColumnExists({ ...place, column: rest }, alter)], ...none }
    }
  }
}

/** The values that ADD COLUMN had added, from the query that looked for other values. */
function filledOf(count: string): { readonly value: string; readonly type: string } | null {
  const [, inner] = /::text IS DISTINCT FROM \(\((?:\()?([\s\S]*)\)::text$/.exec(count) ?? []
  if (inner === undefined) return null
  const end = inner.lastIndexOf(')::')
  return end === -1 ? null : { value: inner.slice(0, end), type: inner.slice(end + 3) }
}

function stepOf(
  { id, kind, title: text, schema, table, object, transaction, batch, folder: migration, lookupSchema }: Former,
  back: Back,
  texts: readonly SqlText[],
): Step {
  const walk: Batch | null =
    batch === null
      ? null
      : { ...batch, keyColumns: [], size: 1, start: `SELECT NULL AS ${quoteLiteral('cursor')}`, next: '' }
  return {
    ...{ id, kind, title: text, schema, table, object, transaction, leftovers: null },
    ...{ up: [], down: [], verify: [], ...back },
    batch: walk,
    recipe: { builder: FORMER_BUILDER, parameters: { schema, table, object, texts } },
    lock: {
      mode: 'ACCESS EXCLUSIVE',
      tables: table === '' ? [] : [tableName({ schema, table })],
      duration: 'brief',
    },
    privileges:
      table === '' || kind === 'record-history' ? [] : [{ action: 'own', name: tableName({ schema, table }) }],
    ...{ rewrites: false, scans: false, estimatedRows: null },
    ...(migration === undefined ? {} : { folder: migration }),
    ...(lookupSchema === undefined ? {} : { lookupSchema }),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
