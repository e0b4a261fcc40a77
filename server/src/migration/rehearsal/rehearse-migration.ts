import { BUILT_IN_VERSION, isNewerThanBuiltIn } from '../../backup/built-in/version'
import { dumpStructure } from '../../backup/built-in/dump-structure'
import { withClient, type DatabaseClient } from '../../database/connect'
import { SET_SEARCH_PATH } from '../../database/search-path'
import { quoteIdentifier } from '../../database/quote'
import { readCatalog } from '../../database/read-catalog'
import { AuditError } from '../../errors'
import { within } from '../../signals'
import type { CheckResult } from '../../verification/model'
import type { Plan, Step } from '../model'
import { DROP_DATA } from '../plan/steps/drop-when-empty'
import { phrase, type Phrase } from '../../text/phrase'
import { askCheck } from './ask-check'
import { serverTooNewToRehearse } from './errors'
import { firstDifference } from './first-difference'
import { loadStructure, type LoadedStructure } from './load-structure'
import { generateRows } from './generated-rows'
import { judgeChecks, limitsOf } from './limits'
import type { PassName, Place, RehearsalFailure, RehearsalReport, StructureComparison } from './model'
import { Observer } from './observe'
import { Passes } from './passes'
import { withPlace } from './place'
import { skippedSteps } from './skipped-steps'
import { surveyRealDatabase, tablesOf, type RealDatabase } from './survey'
import { Watcher } from './watcher'
import type { EnvironmentVariables } from '../../platform/environment-variables'

export interface RehearsalOptions {
  /** Of the real database. Only its catalog is read. */
  readonly url: string
  /** A fresh plan from the database's current catalog. */
  readonly plan: Plan
  /** The schemas to copy if the role may not read all others; omitted: all. */
  readonly schemas: readonly string[]
  /** An empty database to rehearse in, which is emptied afterwards; omitted: an embedded PostgreSQL. */
  readonly scratchUrl?: string | null
  readonly environment: EnvironmentVariables
  readonly signal: AbortSignal
  /** `percentage` from 0 to 100, of the whole rehearsal. */
  readonly onProgress?: (message: Phrase, percentage: number) => void
}

/**
 * Rehearses a plan on a copy of the real database's structure: up, down, and both again. Compares the locks and
 * rewrites of each statement with what the plan declares, and the structure after each way down with the original.
 *
 * Failures of the rehearsal are in the report. Rejects if there can be no report: with the signal's reason, with the
 * AuditErrors of connecting and dumping, of `startEmbeddedServer` and of `withScratchDatabase`.
 */
export async function rehearseMigration(options: RehearsalOptions): Promise<RehearsalReport> {
  return await within(null, [options.signal], (dumpSignal, stop) => rehearseWithDump(dumpSignal, stop, options))
}

/** The dump runs while the embedded server starts; if the start fails, `stop` ends the dump. */
async function rehearseWithDump(
  dumpSignal: AbortSignal,
  stop: () => void,
  options: RehearsalOptions,
): Promise<RehearsalReport> {
  const { url, plan, environment, signal, onProgress } = options
  const start = performance.now()
  onProgress?.(phrase`Reading the database structure`, 0)
  const real = await surveyRealDatabase(url, plan, { environment, signal })
  if (isNewerThanBuiltIn(Number.parseInt(real.serverVersion, 10)))
    throw serverTooNewToRehearse(real.serverVersion, BUILT_IN_VERSION)
  const dumping = dumpRealStructure({ ...options, signal: dumpSignal }, real)
  const dumped = dumping.catch(() => undefined)
  onProgress?.(phrase`Copying the structure`, 3)
  const placeStart = performance.now()
  try {
    return await withPlace({ scratchUrl: options.scratchUrl ?? null, real, environment, signal }, async (place) => {
      const startUp = performance.now() - placeStart
      const structure = await dumping
      const rehearsalStart = performance.now()
      const report = await rehearseIn(place, { ...options, real, structure })
      const now = performance.now()
      const milliseconds = {
        startUp: Math.round(startUp),
        dump: Math.round(structure.milliseconds),
        rehearsal: Math.round(now - rehearsalStart),
        total: Math.round(now - start),
      }
      return { ...report, milliseconds }
    })
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    stop()
    await dumped
  }
}

interface RealStructure {
  readonly sql: string
  /** The schemas that were copied; null for all. */
  readonly onlySchemas: readonly string[] | null
  readonly milliseconds: number
}

async function dumpRealStructure(
  { url, schemas, environment, signal }: RehearsalOptions,
  real: RealDatabase,
): Promise<RealStructure> {
  const start = performance.now()
  try {
    const sql = await dumpStructure({ url, environment, signal })
    return { sql, onlySchemas: null, milliseconds: performance.now() - start }
  } catch (error) {
    if (!(error instanceof AuditError) || !NOT_PERMITTED.has(error.code) || schemas.length === 0) throw error
    // A dump of selected schemas omits the extensions, which their tables may need.
    const extensions = real.extensions.map(makeExtension)
    const sql = await dumpStructure({ url, schemas, environment, signal })
    return { sql: [...extensions, sql].join('\n'), onlySchemas: schemas, milliseconds: performance.now() - start }
  }
}

function makeExtension({ name, schema }: RealDatabase['extensions'][number]): string {
  const [extension, home] = [quoteIdentifier(name), quoteIdentifier(schema)]
  return `CREATE SCHEMA IF NOT EXISTS ${home};\nCREATE EXTENSION IF NOT EXISTS ${extension} WITH SCHEMA ${home};`
}

const NOT_PERMITTED = new Set(['backup-not-permitted', 'permission-denied'])

interface Rehearsal extends RehearsalOptions {
  readonly real: RealDatabase
  readonly structure: RealStructure
}

async function rehearseIn(place: Place, rehearsal: Rehearsal): Promise<Omit<RehearsalReport, 'milliseconds'>> {
  const { environment } = place
  const { signal, onProgress } = rehearsal
  onProgress?.(phrase`Loading the structure`, 10)
  const loaded = await withClient(place.url, { environment, signal }, (client) =>
    loadStructure(client, rehearsal.structure.sql),
  )
  return await withClient(place.url, { environment, signal }, async (client) => {
    if (place.kind === 'embedded') return await rehearseOn(client, null, { ...rehearsal, place, loaded })
    return await withClient(place.url, { environment, signal }, async (second) => {
      const watcher = await Watcher.start(second, client)
      return await rehearseOn(client, watcher, { ...rehearsal, place, loaded })
    })
  })
}

interface LoadedRehearsal extends Rehearsal {
  readonly place: Place
  readonly loaded: LoadedStructure
}

async function rehearseOn(
  client: DatabaseClient,
  watcher: Watcher | null,
  rehearsal: LoadedRehearsal,
): Promise<Omit<RehearsalReport, 'milliseconds'>> {
  const { place, plan, real, loaded, structure } = rehearsal
  const { steps } = plan
  await prepareSession(client)
  const missing = await missingTables(client, real)
  const made = await generateRows(client, await readWholeCatalog(client), [...new Set(steps.flatMap(tablesOf))])
  const before = await dumpPlace(client, rehearsal)
  const observer = await Observer.start(client)
  const skipped = skippedSteps(steps, missing)
  const onStep = (pass: PassName, _step: unknown, index: number) => {
    const turn = PASS_NAMES.indexOf(pass)
    const share = 20 + 80 * ((turn + index / steps.length) / PASS_NAMES.length)
    rehearsal.onProgress?.(phrase`Rehearsing: ${pass}`, share)
  }
  const passes = new Passes({ client, observer, watcher, steps, skipped, rows: made, onStep })
  const isUp = await passes.up()
  const checks: CheckResult[] = []
  for (const check of isUp ? plan.checks : []) checks.push(await askCheck(client, check))
  const judged = judgeChecks(checks, steps, { skipped, notLoaded: loaded.notLoaded })
  let wayBack: StructureComparison | null = null
  if (isUp && (await passes.down())) {
    wayBack = {
      difference: firstDifference(before, await dumpPlace(client, rehearsal), (object) => isGrownEnum(object, steps)),
    }
    if (await passes.upAgain()) await passes.downAgain()
  }
  const changed = (wayBack?.difference ?? null) === null ? [] : [STRUCTURE_CHANGED]
  const failures = [...passes.failures, ...judged.failures, ...changed]
  return {
    outcome: failures.length === 0 ? 'passed' : 'failed',
    place: { kind: place.kind, label: place.label, serverVersion: place.serverVersion },
    databaseVersion: real.serverVersion,
    structure: loaded,
    rows: passes.generatedRows(),
    steps: passes.rehearsedSteps(),
    passes: passes.passes,
    checks,
    wayBack,
    failures,
    notProven: limitsOf({
      place,
      real,
      onlySchemas: structure.onlySchemas,
      steps,
      rehearsed: passes.rehearsedSteps(),
      skipped,
      rows: passes.generatedRows(),
      unprovenChecks: judged.unproven,
    }),
  }
}

const PASS_NAMES: readonly PassName[] = ['up', 'down', 'up again', 'down again']

/** All connections to an embedded server share one session, so the settings of a dump remain after it. */
async function dumpPlace(client: DatabaseClient, { place, signal }: LoadedRehearsal): Promise<string> {
  const structure = await dumpStructure({ url: place.url, environment: place.environment, signal })
  await prepareSession(client)
  return structure
}

/** Names are looked up as in the real database, and generated values may be dropped. */
async function prepareSession(client: DatabaseClient): Promise<void> {
  await client.query(SET_SEARCH_PATH)
  await client.query(`SELECT pg_catalog.set_config('${DROP_DATA}', 'on', false)`)
}

/** The plan's tables that exist in the real database and could not be loaded. */
async function missingTables(client: DatabaseClient, { tables }: RealDatabase): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT name FROM unnest($1::text[]) AS name WHERE to_regclass(name) IS NULL',
    [tables],
  )
  return rows.map(({ name }) => name)
}

/**
 * Everything that was loaded, types with their schemas: a table may have to reference one in a schema that the project
 * does not have.
 */
async function readWholeCatalog(client: DatabaseClient) {
  const { rows } = await client.query<{ name: string }>(
    `SELECT nspname AS name FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY 1`,
  )
  return await readCatalog(client, { schemas: rows.map(({ name }) => name), defaultSchema: 'pg_catalog' })
}

/** PostgreSQL cannot drop an enum value, so the way down leaves it. */
function isGrownEnum(object: string, steps: readonly Step[]): boolean {
  const [, name] = /^TYPE (.*)$/.exec(object) ?? []
  return name !== undefined && steps.some(({ id }) => id.startsWith(`add-enum-value:${name}.`))
}

const STRUCTURE_CHANGED: RehearsalFailure = {
  kind: 'structure',
  pass: 'down',
  stepId: null,
  message: phrase`The structure after the rollback differs from the one before the migration.`,
  sql: null,
}
