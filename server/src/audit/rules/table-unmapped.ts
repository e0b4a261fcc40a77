import { fixedPhrase, phrase, type Phrase } from '../../text/phrase'
import type { Table } from '../../database/model'
import type { Range } from '../../schema/model'
import type { DatabaseIndex } from '../database-index'
import { partitionsOf } from '../triggers'
import { localFinding, type LocalFinding } from './local-finding'

/**
 * `table-unmapped`: the database has a table or a view that no model stands for. What belongs to Prisma itself, to us and
 * to extensions is not told of.
 */
export function tableUnmapped(actual: Table, range: Range, index: DatabaseIndex): LocalFinding[] {
  if (isOfNoInterest(actual)) return []
  return [
    localFinding({
      code: 'table-unmapped',
      severity: 'information',
      message: phrase`The ${fixedPhrase(actual.kind)} "${actual.schema}"."${actual.name}" is not in the schema.${foreignKeysOf(actual)}${triggersOf(actual, index)}`,
      schemaName: actual.schema,
      table: actual.name,
      actual: `${actual.kind} "${actual.name}"`,
      range,
    }),
  ]
}

const OWN_SCHEMAS = new Set(['prisma_audit', 'prisma_audit_kept'])

/** `prisma migrate` drops them one by one before it drops the table. */
function foreignKeysOf({ foreignKeys }: Table): string | Phrase {
  return foreignKeys.length === 0 ? '' : phrase` Its foreign keys: ${foreignKeys.map(({ name }) => name).join(', ')}.`
}

/** They fire on writes that go round the schema, so they are named at least, those of single partitions among them. */
function triggersOf(table: Table, index: DatabaseIndex): string | Phrase {
  const ofPartitions = partitionsOf(table, index).flatMap(({ triggers }) =>
    triggers.filter(({ isInherited }) => isInherited !== true),
  )
  const names = new Set([...table.triggers, ...ofPartitions].map(({ name }) => name))
  return names.size === 0 ? '' : phrase` Triggers on it: ${[...names].join(', ')}.`
}

/** Extensions that come with PostgreSQL make these in the schema where they are installed. */
const OF_EXTENSIONS = /^(?:pg_buffercache|pg_stat_statements(?:_info)?)$/i

function isOfNoInterest({ schema, name, kind }: Table): boolean {
  // A partition is a part of its table.
  return name === '_prisma_migrations' || OWN_SCHEMAS.has(schema) || kind === 'partition' || OF_EXTENSIONS.test(name)
}
