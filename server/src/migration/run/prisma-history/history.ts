import path from 'node:path'
import type { DatabaseClient } from '../../../database/connect'
import { compareHistory, type AppliedMigration } from '../../history/compare-history'
import { nameFolders } from '../../history/folder-names'
import { withHistorySteps } from '../../history/history-steps'
import { recordGroups } from '../../history/record-groups'
import { checksumOf, MIGRATION_FILE } from '../../history/record-step'
import type { Plan, Step } from '../../model'
import { renderDownScript } from '../../render/down-script'
import { renderUpScript } from '../../render/up-script'
import { renderVerifyScript } from '../../render/verify-script'
import { runCheck } from '../../../verification/run-checks'
import { prismaMigrationOpen } from './errors'
import type { JournalStep } from '../journal/journal'
import {
  listMigrations,
  requireWritable,
  writeMigration,
  writeMigrationLock,
  type MigrationsPlace,
} from './migration-files'
import type { WritableFolders } from '../../../files/written-paths'
import { readPrismaHistory } from './read-prisma-history'
import type { MigrationSession } from '../session/session'

/** Where a run writes its SQL in the project. Paths are absolute. */
export interface HistoryTarget {
  /**
   * False by the user's choice: then nothing new is written. What an interrupted run has recorded is completed anyway.
   */
  readonly isWanted: boolean
  /** The folder of Prisma's migrations, existing or not. */
  readonly prismaFolder: string
  /** For projects without a Prisma history. */
  readonly plainFolder: string
  /** The folders of the project: nothing is written outside them, regardless of links and settings. */
  readonly writable: WritableFolders
  /** Of `_prisma_migrations`. */
  readonly schema: string
  /** The schema that Prisma's files omit; null if the project has several. See `unqualify`. */
  readonly leaveOut: string | null
  /** Called with the path of each folder that was written or deleted. */
  readonly onFolder: (folder: string, what: 'written' | 'removed') => void
}

/**
 * Adds the steps that record a run in Prisma's history, if project and database have one. Call while holding the
 * migration lock, so that no one else makes the same plan; takes Prisma's lock, so that Prisma is not in the middle of
 * a migration. Rejects with `prisma-migration-open` or `migrations-not-writable`.
 */
export async function addHistorySteps(
  session: MigrationSession,
  target: HistoryTarget | undefined,
  plan: Pick<Plan, 'steps' | 'checks' | 'tableBytes'>,
): Promise<readonly Step[]> {
  if (target?.isWanted !== true || plan.steps.length === 0) return plan.steps
  await session.prismaLock.take()
  const applied = await readPrismaHistory(session.client, target.schema)
  const { isRecorded, newest, open } = compareHistory(
    listMigrations(target.prismaFolder),
    applied,
    path.basename(target.prismaFolder),
  )
  if (!isRecorded) return plan.steps
  if (open.length > 0) throw prismaMigrationOpen(open)
  requireWritable(placeOf(target))
  const steps = withHistorySteps(plan, { ...target, now: new Date(), newest })
  return await withoutTwins(session, steps, applied ?? [])
}

/** The files of a project without a Prisma history: the complete run as scripts for psql, in a separate folder. */
export function writePlainScripts(
  target: HistoryTarget | undefined,
  { steps, checks }: Pick<Plan, 'steps' | 'checks'>,
): void {
  if (target?.isWanted !== true || steps.length === 0 || steps.some((step) => step.folder !== undefined)) return
  const names = listMigrations(target.plainFolder).map(({ name }) => name)
  const [name = ''] = nameFolders([''], { now: new Date(), newest: names.at(-1) ?? null })
  const files = {
    'up.sql': renderUpScript({ steps }),
    'down.sql': renderDownScript({ steps }),
    'verify.sql': renderVerifyScript({ checks }),
  }
  const written = writeMigration({ folder: target.plainFolder, writable: target.writable }, { name, files })
  if (written !== null) target.onFolder(written, 'written')
}

/** Writes the folder of a step before it is recorded; an existing, identical one is not changed. */
export function writeFolderOf(target: HistoryTarget | undefined, { folder }: Step): void {
  if (folder === undefined || target === undefined) return
  const written = writeMigration(placeOf(target), folder)
  writeMigrationLock(placeOf(target))
  if (written !== null) target.onFolder(written, 'written')
}

/** Where Prisma's own migrations are written. */
export function placeOf({ prismaFolder, writable }: HistoryTarget): MigrationsPlace {
  return { folder: prismaFolder, writable }
}

/** For a continued run, perhaps on another machine: migrations that it recorded must exist on this disk too. */
export function writeRecordedFolders(target: HistoryTarget | undefined, steps: readonly JournalStep[]): void {
  for (const { state, step } of steps) {
    if (state === 'done' || state === 'already there') writeFolderOf(target, step)
  }
}

/**
 * If two sessions make the same plan, it is recorded once: the second finds everything done, and the same text
 * recorded.
 */
async function withoutTwins(
  { client }: MigrationSession,
  steps: readonly Step[],
  applied: readonly AppliedMigration[],
): Promise<Step[]> {
  const checksums = new Set(applied.map(({ checksum }) => checksum))
  const isRecorded = ({ folder }: Step) => checksums.has(checksumOf(folder?.files[MIGRATION_FILE] ?? ''))
  const kept: Step[] = []
  for (const group of recordGroups(steps, (step) => step)) {
    const isTwin = group.records.every(isRecorded) && (await areThere(client, group.steps))
    kept.push(...group.steps, ...(isTwin ? [] : group.records))
  }
  return kept
}

/** Also false if nothing can prove it. */
async function areThere(client: DatabaseClient, steps: readonly Step[]): Promise<boolean> {
  const checks = steps.flatMap(({ verify }) => verify)
  for (const check of checks) {
    if ((await runCheck(client, check)).outcome !== 'pass') return false
  }
  return checks.length > 0
}
