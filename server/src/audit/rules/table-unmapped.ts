import { fixedPhrase, phrase, type Phrase } from '../../text/phrase'
import type { Table } from '../../database/model'
import type { Range } from '../../schema/model'
import type { DatabaseIndex } from '../database-index'
import { partitionsOf } from '../triggers'
import { localFinding, type LocalFinding } from './local-finding'

/**
 * `table-unmapped`: the database has a table or a view without a model. Objects of Prisma, of Prisma Audit and of
 * extensions are not reported.
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

/** They fire on writes that the schema does not show, so they are named, including those of single partitions. */
function triggersOf(table: Table, index: DatabaseIndex): string | Phrase {
  const ofPartitions = partitionsOf(table, index).flatMap(({ triggers }) =>
    triggers.filter(({ isInherited }) => isInherited !== true),
  )
  const names = new Set([...table.triggers, ...ofPartitions].map(({ name }) => name))
  return names.size === 0 ? '' : phrase` Triggers on it: ${[...names].join(', ')}.`
}

/** Extensions that come with PostgreSQL create these in the schema that they are installed in. */
const OF_EXTENSIONS = /^(?:pg_buffercache|pg_stat_statements(?:_info)?)$/i

function isOfNoInterest({ schema, name, kind }: Table): boolean {
  // A partition belongs to its table.
  return name === '_prisma_migrations' || OWN_SCHEMAS.has(schema) || kind === 'partition' || OF_EXTENSIONS.test(name)
}
