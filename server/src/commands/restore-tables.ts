import path from 'node:path'
import { openReader } from '../backup/open-reader'
import { verifyChecksum } from '../backup/verify-checksum'
import { parseQualifiedName } from '../backup/sql/qualified-name'
import { requireNoCodeOfOthers } from '../backup/tables/code-of-others'
import { compareRows, type KindOfDifference } from '../backup/tables/compare-rows'
import { copyBack, type ComparedTable, type CopyBackExtent } from '../backup/tables/copy-back'
import { loadBeside } from '../backup/tables/load-beside'
import { readTableFacts } from '../backup/tables/table-facts'
import { toRestoreError } from '../backup/restore-errors'
import { requireNoCodeAtPlanning } from '../database/code-at-planning'
import { quoteIdentifier } from '../database/quote'
import type { DatabaseTarget } from '../project/database-target'
import type { Project } from '../project/project'
import { textOf, type SafeText } from '../text/safe-text'
import { backUpProject } from './back-up'
import type { CommandOutcome, Interaction } from './interaction'
import { requireTarget, withTarget } from './target'
import { confirmWrite, writtenDatabase, type Writable } from './writable'
import { counted, grouped } from '../text/amounts'
import { labelIn } from '../database/describe-url'

export interface RestoreTablesParameters {
  /** Absolute. */
  readonly path: string
  /** As a person writes them: `Lead`, `public.Lead`, `public."Lead"`. */
  readonly tables: readonly string[]
  /** Null: asks if someone can answer. */
  readonly copyBack: CopyBackExtent | null
}

/**
 * Loads single tables of a backup next to the originals, shows which rows differ, and copies rows back on request,
 * after a person types the database's name and a new backup is made.
 */
export async function restoreTables(
  project: Project,
  interaction: Interaction,
  target: Writable<DatabaseTarget>,
  parameters: RestoreTablesParameters,
): Promise<CommandOutcome> {
  const { t } = interaction
  const schema = `prisma_audit_restored_${new Date().toISOString().replace(/\D/g, '').slice(0, 17)}`
  const names = parameters.tables.map((name) => tableOf(name, target))
  const answer = await confirmWrite(interaction, target, {
    message: t(
      'Load {0} from {1} next to the originals in {2}?',
      parameters.tables.join(', '),
      path.basename(parameters.path),
      labelIn(t, target),
    ),
    detail: [t('The rows go into the new schema {0}. The tables are not changed.', schema)],
    choices: [{ id: 'load', label: t('Load and Compare') }],
    yes: 'load',
  })
  if (answer !== 'load') return { status: 'cancelled', message: t('Nothing was changed.') }
  const compared = await loadAndCompare(project, interaction, target, { file: parameters.path, schema, names })
  interaction.output(renderDifferences(compared))
  const drop = () =>
    withTarget(target, interaction, (client) =>
      client.query(`BEGIN; DROP SCHEMA ${quoteIdentifier(schema)} CASCADE; COMMIT`),
    )
  if (
    compared.every(({ differences: { missing, changed, added } }) => missing.count + changed.count + added.count === 0)
  ) {
    await drop()
    return { status: 'done', message: t('No row differs from the backup.') }
  }
  const left = t('The rows of the backup are in the schema {0}; drop it when you no longer need it.', schema)
  if (parameters.copyBack === null && !interaction.isAttended) return { status: 'done', message: left }
  const extent = await askExtent(interaction, target, compared, parameters.copyBack)
  if (extent === null) return { status: 'cancelled', message: `${t('Nothing was copied back.')} ${left}` }
  await backUpProject(project, interaction, target, { level: 2 })
  await requireTarget(target, interaction)
  interaction.progress(t('Copying rows back'))
  await withTarget(target, interaction, (client) => copyBack(client, compared, extent))
  await drop()
  return { status: 'done', message: t('Copied rows back into {0}.', labelIn(t, target)) }
}

async function loadAndCompare(
  project: Project,
  interaction: Interaction,
  target: DatabaseTarget,
  given: { readonly file: string; readonly schema: string; readonly names: readonly TableName[] },
): Promise<ComparedTable[]> {
  const { signal, t } = interaction
  const { file, schema, names } = given
  const { environment } = project
  interaction.progress(t('Checking the backup'))
  await verifyChecksum(file)
  const reader = await openReader(file, { serverMajor: 0, pgDumpPath: project.choices.pgDumpPath, environment, signal })
  return await withTarget(target, interaction, async (client) => {
    const all = []
    for (const name of names) all.push(await readTableFacts(client, name))
    await requireNoCodeAtPlanning(
      client,
      all.flatMap(({ name, referrers }) => [name, ...referrers.map((referrer) => referrer.table)]),
    )
    for (const facts of all) await requireNoCodeOfOthers(client, facts)
    await client.query('BEGIN')
    try {
      await client.query(`CREATE SCHEMA ${quoteIdentifier(schema)}`)
      const compared: ComparedTable[] = []
      for (const facts of all) {
        interaction.progress(t('Loading {0}', facts.name))
        const table = await loadBeside(client, reader, { facts, schema, request: { path: file, environment, signal } })
        await client.query(`ANALYZE ${table.name}`)
        interaction.progress(t('Comparing {0}', facts.name))
        compared.push({ table, differences: await compareRows(client, table) })
      }
      await client.query('COMMIT')
      return compared
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined)
      signal.throwIfAborted()
      throw toRestoreError(error, target.url)
    }
  })
}

async function askExtent(
  interaction: Interaction,
  target: DatabaseTarget,
  compared: readonly ComparedTable[],
  wanted: CopyBackExtent | null,
): Promise<CopyBackExtent | null> {
  const { t } = interaction
  const count = (kind: 'missing' | 'changed' | 'added') =>
    compared.reduce((sum, { differences }) => sum + differences[kind].count, 0)
  const choices: { id: CopyBackExtent; label: string }[] = [
    { id: 'missing', label: t('Insert Missing Rows ({0})', count('missing')) },
    {
      id: 'changed',
      label: t('Insert Missing ({0}) and Reset Changed Rows ({1})', count('missing'), count('changed')),
    },
    { id: 'all', label: t('Match the Backup: Also Delete Added Rows ({0})', count('added')) },
  ]
  const answer = await interaction.confirm({
    writesTo: { ...writtenDatabase(target), typedBecause: 'rows' },
    message: t('Copy rows of the backup back into {0}?', labelIn(t, target)),
    detail: [
      t('Rows missing: {0}; changed: {1}; added since: {2}.', count('missing'), count('changed'), count('added')),
      t('The database is backed up first. Triggers of these tables do not fire; foreign keys are checked.'),
    ],
    choices: wanted === null ? choices : choices.filter(({ id }) => id === wanted),
    yes: wanted,
  })
  return choices.find(({ id }) => id === answer)?.id ?? null
}

interface TableName {
  readonly schema: string
  readonly table: string
}

function tableOf(written: string, { schemas }: DatabaseTarget): TableName {
  const qualified = parseQualifiedName(written)
  return qualified === null
    ? { schema: schemas[0] ?? 'public', table: written.replace(/^"(.*)"$/s, '$1') }
    : { schema: qualified.schema, table: qualified.name }
}

function renderDifferences(compared: readonly ComparedTable[]): SafeText {
  return textOf(
    compared.flatMap(({ table: { facts, others, name }, differences: { missing, changed, added } }) => [
      `${facts.name}, compared with ${name} by ${facts.key.join(', ')}`,
      ...kindLines('missing: in the backup, not in the database', missing),
      ...kindLines('changed', changed),
      ...kindLines('added: in the database, not in the backup', added),
      ...(others.ofDatabase.length === 0 ? [] : [`  not in the backup: columns ${others.ofDatabase.join(', ')}`]),
      ...(others.ofBackup.length === 0 ? [] : [`  no longer in the database: columns ${others.ofBackup.join(', ')}`]),
    ]),
  )
}

function kindLines(title: string, { count, examples }: KindOfDifference): string[] {
  if (count === 0) return []
  const more = count - examples.length
  return [
    `  ${counted(count, 'row')} ${title}`,
    ...examples.map(({ key, changes }) => `    ${key}${changes.length === 0 ? '' : `: ${changes.join('; ')}`}`),
    ...(more > 0 ? [`    … and ${grouped(more)} more`] : []),
  ]
}
