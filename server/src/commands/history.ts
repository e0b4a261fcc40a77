import path from 'node:path'
import type { DatabaseClient } from '../database/connect'
import type { DatabaseModel } from '../database/model'
import { AuditError } from '../errors'
import { compareHistory, type AppliedMigration } from '../migration/history/compare-history'
import { nameFolders } from '../migration/history/folder-names'
import { foldersOf, withHistorySteps } from '../migration/history/history-steps'
import type { PlannedHistory } from '../migration/planned-history'
import { PRISMA_MIGRATIONS } from '../migration/history/record-step'
import type { Plan, Refusal, Warning } from '../migration/model'
import type { HistoryTarget } from '../migration/run/prisma-history/history'
import { listMigrations } from '../migration/run/prisma-history/migration-files'
import { readPrismaHistory } from '../migration/run/prisma-history/read-prisma-history'
import type { DatabaseTarget } from '../project/database-target'
import type { Project } from '../project/project'
import type { Interaction } from './interaction'
import { withTarget } from './target'
import { text } from '../text/safe-text'
import { phrase } from '../text/phrase'

/** Where runs and rollbacks of the project write their SQL; each written folder is reported in the output. */
export function historyTarget(
  project: Project,
  interaction: Interaction,
  { defaultSchema, schemas }: DatabaseTarget,
): HistoryTarget {
  const { prismaFolder, plainFolder } = migrationFolders(project)
  return {
    isWanted: project.choices.writesMigrations,
    prismaFolder,
    plainFolder,
    writable: project.paths.writableFolders,
    schema: defaultSchema,
    leaveOut: schemas.length === 1 && schemas[0] === defaultSchema ? defaultSchema : null,
    onFolder: (folder, what) =>
      interaction.output(text`  ${what === 'written' ? 'wrote   ' : 'removed '} ${project.paths.display(folder)}/`),
  }
}

/** What a run of the plan would write; adds warnings about the history to the plan. */
export async function planHistory(
  project: Project,
  interaction: Interaction,
  target: DatabaseTarget,
  given: Plan,
  database: DatabaseModel,
): Promise<{ readonly plan: Plan; readonly history: PlannedHistory }> {
  const place = historyTarget(project, interaction, target)
  const folder = project.paths.display(place.prismaFolder)
  const nothing: PlannedHistory = { form: 'none', folder, migrations: [], steps: given.steps }
  if (!place.isWanted || given.steps.length === 0) return { plan: given, history: nothing }
  const hasTable = database.tables.some(({ name, schema }) => name === PRISMA_MIGRATIONS && schema === place.schema)
  const applied = hasTable ? await withTarget(target, interaction, (client) => readHistory(client, place.schema)) : null
  if (applied instanceof AuditError) {
    const { why, nextStep } = applied.parts
    const reason = phrase`${why} ${nextStep}`
    const refusal: Refusal = {
      code: 'prisma-history-unfit',
      model: PRISMA_MIGRATIONS,
      object: '',
      reason,
      blocking: true,
    }
    return { plan: { ...given, refusals: [...given.refusals, refusal] }, history: nothing }
  }
  const { isRecorded, newest, open, warnings } = compareHistory(listMigrations(place.prismaFolder), applied, folder)
  const reason = phrase`${open} is unfinished. Prisma refuses all other migrations until you resolve it with \`prisma migrate resolve\`.`
  const plan: Plan = {
    ...given,
    warnings: [...given.warnings, ...guessedFolder(project, folder), ...warnings],
    refusals:
      isRecorded && open.length > 0
        ? [
            ...given.refusals,
            { code: 'prisma-migration-open', model: folder, object: open.join(', '), reason, blocking: true },
          ]
        : given.refusals,
  }
  const now = new Date()
  if (isRecorded) {
    const steps = withHistorySteps(given, { ...place, now, newest })
    return { plan, history: { form: 'prisma', folder, migrations: foldersOf(steps).map(({ name }) => name), steps } }
  }
  const plainNewest = listMigrations(place.plainFolder).at(-1)?.name ?? null
  const migrations = nameFolders([''], { now, newest: plainNewest })
  const plainFolder = project.paths.display(place.plainFolder)
  return { plan, history: { form: 'plain', folder: plainFolder, migrations, steps: given.steps } }
}

function guessedFolder(project: Project, folder: string): Warning[] {
  const file = project.migrationsPathHiddenIn
  if (file === null) return []
  const text = phrase`The new migration is written into ${folder}, because migrations.path in ${project.paths.display(file)} is not a constant. If Prisma's migrations are elsewhere, make it a constant first.`
  return [{ code: 'migrations-path-unknown', object: folder, text }]
}

async function readHistory(client: DatabaseClient, schema: string): Promise<AppliedMigration[] | AuditError | null> {
  try {
    return await readPrismaHistory(client, schema)
  } catch (error) {
    if (error instanceof AuditError && error.code === 'prisma-history-unfit') return error
    throw error
  }
}

/** Never the folder of Prisma's own migrations, because Prisma would take other folders for migrations. */
function migrationFolders(project: Project): Pick<HistoryTarget, 'prismaFolder' | 'plainFolder'> {
  const prismaFolder = project.migrationsFolder
  const usual = path.join(project.root, 'migrations')
  return {
    prismaFolder,
    plainFolder: usual === prismaFolder ? path.join(project.root, 'prisma-audit-migrations') : usual,
  }
}
