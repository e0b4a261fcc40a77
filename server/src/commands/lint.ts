import { isInside } from '../platform/inside'
import path from 'node:path'
import type { Severity } from '../audit/finding'
import { readPrismaHistory } from '../migration/run/prisma-history/read-prisma-history'
import { describeUrl } from '../database/describe-url'
import type { DatabaseModel } from '../database/model'
import { maintainedColumns } from '../lint/maintained-columns'
import { lintMigration } from '../lint/lint-migration'
import { lintPlan, type PlanLintFinding } from '../migration/plan/lint-plan'
import type { LintOptions } from '../lint/model'
import { parseScript } from '../lint/parse/parse-script'
import { loadSqlParser, type SqlParser } from '../lint/parse/sql-parser'
import type { Script } from '../lint/script'
import { placeLintFindings, type PlacedLintFinding } from '../lint/place-findings'
import type { Plan } from '../migration/model'
import { changedMigrations, type ChangedMigration } from '../project/changed-migrations'
import { fileMissing } from '../project/errors'
import { earlierMigrations } from '../project/migration-order'
import {
  listMigrationScripts,
  listScripts,
  migrationName,
  newestMigration,
  runnerOf,
} from '../project/migration-scripts'
import type { DatabaseTarget } from '../project/database-target'
import type { Project } from '../project/project'
import { isFolder } from '../project/source-files'
import type { LintReport, ScriptFinding } from '../report/lint'
import { reaches } from '../report/findings-json'
import { migrationsFolderFindings } from './check'
import { computing, type CommandOutcome, type Interaction } from './interaction'
import { counted } from '../text/amounts'

/**
 * Lints the given scripts and folders (absolute paths) in full; otherwise the project's scripts that have not run yet:
 * those that the database does not list as applied or, without a database, the newest. With a base, only those that are
 * new since that commit, and it reports edited migrations of that commit. New ones that come before an existing one are
 * reported. Throws if a given script does not exist, or
 * if nothing can be compared with the base.
 */
export async function lintProject(
  project: Project,
  { named, base }: { readonly named: readonly string[]; readonly base?: string },
  interaction: Interaction,
): Promise<LintReport> {
  const since = base === undefined ? null : await changedMigrations(project, base, interaction.signal)
  interaction.progress('Reading the catalog')
  const database = await readDatabaseIfThere(project, interaction)
  const scripts = since?.added ?? (named.length > 0 ? namedScripts(named) : listMigrationScripts(project))
  const applied = await appliedMigrations(project)
  const settled = since !== null || named.length > 0 ? new Set<string>() : settledScripts(applied, scripts)
  const facts = await lintFacts(project)
  const wanted = scripts.filter((file) => !settled.has(file))
  interaction.progress('Linting the migrations')
  const parser = await loadSqlParser()
  const scriptsOf = parsedOnce(project, parser)
  const inOrder = listMigrationScripts(project)
  const findings = wanted.flatMap((file) => {
    const text = project.readFile(file)
    if (text === null) throw fileMissing(file)
    const before = scriptsBefore(file, inOrder).flatMap(scriptsOf)
    const found = lintMigration(parseScript(text, parser), {
      ...factsOf(file, applied, facts),
      before,
      runner: runnerOf(file),
    })
    return placeLintFindings(text, found).map((finding) => ({ ...finding, file: project.paths.display(file) }))
  })
  const isNew = (file: string) => since?.added.includes(file) ?? !(applied?.has(migrationName(file) ?? '') ?? true)
  const [added, existing] = [wanted.filter(isNew), inOrder.filter((file) => !isNew(file))]
  return {
    scripts: wanted.map((file) => project.paths.display(file)),
    settled: settled.size,
    database: database === null ? null : { name: database.name, serverVersion: database.serverVersion },
    findings: [
      ...(named.length > 0 ? [] : folderFindings(project)),
      ...(since?.changed ?? []).map((changed) => findingOfFile(project, 'migration-edited', 'error', changed)),
      ...earlierMigrations(added, existing).map((earlier) =>
        findingOfFile(project, 'migration-out-of-order', 'information', earlier),
      ),
      ...findings,
    ],
  }
}

/** The findings of `check --replay`, which need no advice. */
function folderFindings(project: Project): ScriptFinding[] {
  return migrationsFolderFindings(project).map(({ code, severity, message, range, file }) => ({
    ...{ code, severity, message, advice: '', fix: null, file, range },
  }))
}

function findingOfFile(
  project: Project,
  code: ScriptFinding['code'],
  severity: Severity,
  { file, message, advice }: ChangedMigration,
): ScriptFinding {
  const start = { line: 0, character: 0 }
  const place = { file: project.paths.display(file), range: { start, end: start } }
  return { code, severity, message, advice, fix: null, ...place }
}

/** The findings in one script, for an editor; those in an applied script are hints, because it must not be changed. */
export async function lintScript(project: Project, file: string): Promise<PlacedLintFinding[]> {
  const text = project.readFile(file)
  if (text === null) return []
  const parser = await loadSqlParser()
  const facts = await lintFacts(project)
  const inOrder = listMigrationScripts(project)
  const applied = await appliedMigrations(project)
  const settled = settledScripts(applied, inOrder)
  const before = scriptsBefore(file, inOrder).flatMap(parsedOnce(project, parser))
  const found = lintMigration(parseScript(text, parser), {
    ...factsOf(file, applied, facts),
    before,
    runner: runnerOf(file),
  })
  const shown = settled.has(file) ? found.map((finding) => ({ ...finding, severity: 'hint' as const })) : found
  return placeLintFindings(text, shown)
}

/** The lint findings of a plan's SQL, of which there should be none. */
export async function lintOfPlan(
  { url }: DatabaseTarget,
  plan: Plan,
  database: DatabaseModel,
  interaction: Interaction,
): Promise<PlanLintFinding[]> {
  if (plan.steps.length === 0) return []
  const parser = await loadSqlParser()
  const trustSizes = isFarHost(describeUrl(url).host)
  return await computing(interaction, () => lintPlan(plan, parser, { database, trustSizes }))
}

export function lintOutcome({ findings }: LintReport, threshold: Severity | 'none'): CommandOutcome {
  const count = findings.filter((finding) => reaches([finding], threshold)).length
  if (count === 0) return { status: 'done', message: 'No problems in the migrations.' }
  return { status: 'findings', message: `${counted(count, 'finding')}.` }
}

/** What the latest snapshot knows about the project. */
async function lintFacts(project: Project): Promise<Omit<LintOptions, 'runner' | 'before'>> {
  return {
    database: project.database,
    trustSizes: await hasRealSizes(project),
    maintainedColumns: maintainedColumns(project.schema, project.policy),
  }
}

type Facts = Awaited<ReturnType<typeof lintFacts>>

/** For an applied migration, the catalog shows the tables of today, not those that the migration saw. */
function factsOf(file: string, applied: ReadonlySet<string> | null, facts: Facts): Facts {
  const isApplied = applied?.has(migrationName(file) ?? '') === true
  return !isApplied || facts.database === null ? facts : { ...facts, database: { ...facts.database, tables: [] } }
}

/** Prisma's migrations before one: only as many as may have prepared it, because an editor waits for them. */
function scriptsBefore(file: string, inOrder: readonly string[]): string[] {
  const name = migrationName(file)
  if (name === null) return []
  const folder = path.dirname(path.dirname(file))
  const beside = inOrder.filter((other) => migrationName(other) !== null && isInside(folder, other))
  return beside.filter((other) => (migrationName(other) ?? '') < name).slice(-MOST_BEFORE)
}

const MOST_BEFORE = 20

/** Parses a script on first use; an unreadable one has no statements. */
function parsedOnce(project: Project, parser: SqlParser): (file: string) => Script[] {
  const parsed = new Map<string, Script[]>()
  return (file) => {
    const known = parsed.get(file)
    if (known !== undefined) return known
    const text = project.findFile(file)
    const script = text === null ? [] : [parseScript(text, parser)]
    parsed.set(file, script)
    return script
  }
}

/** Table sizes of a local database say nothing about the one that the script is meant for. */
async function hasRealSizes(project: Project): Promise<boolean> {
  return project.database !== null && isFarHost(await project.databaseHost())
}

function isFarHost(host: string): boolean {
  return !host.startsWith('/') && !['localhost', '127.0.0.1', '::1', 'host.docker.internal'].includes(host)
}

/** The checks are useful without a database too. */
async function readDatabaseIfThere(project: Project, interaction: Interaction): Promise<DatabaseModel | null> {
  try {
    return await project.readDatabase(interaction.signal)
  } catch {
    interaction.signal.throwIfAborted()
    interaction.progress('No database: table sizes, column types and applied migrations are unknown')
    return null
  }
}

/** Prisma's scripts that have already run, as far as that is known. */
function settledScripts(applied: ReadonlySet<string> | null, scripts: readonly string[]): ReadonlySet<string> {
  const newest = newestMigration(scripts)
  const isSettled = (name: string): boolean => (applied === null ? name !== newest : applied.has(name))
  return new Set(
    scripts.filter((file) => {
      const name = migrationName(file)
      return name !== null && isSettled(name)
    }),
  )
}

/** Null if no database responds, or Prisma has no history in it. */
async function appliedMigrations(project: Project): Promise<ReadonlySet<string> | null> {
  const { database } = project
  if (database === null) return null
  try {
    const history = await project.live.use((client) => readPrismaHistory(client, database.defaultSchema))
    return history === null ? null : new Set(history.filter(({ state }) => state === 'applied').map(({ name }) => name))
  } catch {
    return null
  }
}

function namedScripts(named: readonly string[]): string[] {
  return named.flatMap((name) => {
    return isFolder(name) ? listScripts(name) : [name]
  })
}
