import os from 'node:os'
import { withClient } from '../../database/connect'
import { ROLE_TO_RETURN_TO } from '../../database/session-settings'
import { isFolder } from '../backup-folder'
import type { RestoreNotes, RestoreRequest } from '../backup-way'
import { archiveEncoding } from './errors'
import type { RowTarget } from '../sql/row-target'
import { clearDatabase, inOneSession, runDump } from '../sql/run-dump'
import { readArchiveScript } from './archive-script'
import type { PgDump } from './find-pg-dumps'
import { withLibpqEnvironment } from './libpq-environment'
import { hasOnlyHarmlessErrors, restoreWarnings } from './restore-output'
import { ProgramFailure } from './run-program'
import { runTool } from './run-tool'

type ArchiveRequest = RestoreRequest & { readonly program: PgDump }

/**
 * Restores an archive: with pg_restore itself into an empty database; otherwise, over existing objects or into an
 * embedded server, as SQL in a session of our own, because pg_restore drops only what the archive contains, and an
 * embedded server does not support COPY.
 */
export async function restoreNatively(request: ArchiveRequest): Promise<RestoreNotes> {
  return request.force || request.onRefused !== undefined
    ? await restoreAsSql(request)
    : await restoreByProgram(request)
}

async function restoreByProgram(request: ArchiveRequest): Promise<RestoreNotes> {
  const { program, url, environment, signal } = request
  // pg_restore 17 sets a parameter that older servers do not have; that is an error, and the first error ends a
  // transaction.
  const stumbles = program.major >= 17 && request.serverMajor < 17
  const { settings, role } = await sessionOf(request)
  const isParallel = isFolder(request.path) && (stumbles || !request.atomic)
  const warnings: string[] = []
  for (const steps of isParallel ? PARALLEL : [[]]) {
    const run = await withLibpqEnvironment(url, environment, (libpq) =>
      runTool(
        program,
        'pg_restore',
        [
          '--no-password',
          // Otherwise warnings of the server are not written.
          '--verbose',
          ...(stumbles ? [] : [request.atomic ? '--single-transaction' : '--exit-on-error']),
          ...steps,
          ...(request.withoutOwners ? ['--no-owner', '--no-privileges'] : []),
          ...(request.withoutTablespaces === true ? ['--no-tablespaces'] : []),
          ...(request.withoutSubscriptions === true ? ['--no-subscriptions'] : []),
          ...(role === null ? [] : [`--role=${role}`]),
          `--dbname=dbname=${quoteConnectionValue(libpq.PGDATABASE ?? '')}`,
          { file: request.path },
        ],
        { environment: { ...libpq, ...settings(libpq.PGOPTIONS) }, signal, keepsLine: isNoStep },
      ),
    )
    if (run.exitCode !== 0 && !(stumbles && hasOnlyHarmlessErrors(run.output))) throw new ProgramFailure(run)
    warnings.push(...restoreWarnings(run.output))
  }
  return { warnings }
}

/** Connections that load a folder and create its indexes. */
const RESTORE_JOBS = Math.min(8, Math.max(2, os.availableParallelism()))

/**
 * One run for what comes before and with the rows and one for the rest (a transaction needs a single connection). In
 * one run, pg_restore may create the trigger of a partitioned table, which has no rows itself, before the rows of its
 * partitions: each of these would then run it.
 */
const PARALLEL = [['--section=pre-data', '--section=data'], ['--section=post-data']].map((sections) => [
  `--jobs=${RESTORE_JOBS}`,
  ...sections,
])

/**
 * Settings that a dump needs but does not set, or sets only after its transaction has begun: if a role has
 * `array_nulls` off, each NULL in an array would be restored as the text NULL; and the server would end a session that
 * is idle while pg_restore searches for the first object.
 */
const NEEDED: Readonly<Record<string, string>> = {
  array_nulls: 'on',
  idle_in_transaction_session_timeout: '0',
  idle_session_timeout: '0',
}

/**
 * What pg_restore's session needs. Only those settings that the role or database has made differently, because they are
 * sent in the start-up packet, and poolers reject one with options.
 */
async function sessionOf({ url, environment, signal }: Pick<RestoreRequest, 'url' | 'environment' | 'signal'>) {
  const connect = { environment, ...(signal === undefined ? {} : { signal }) }
  const { rows, role } = await withClient(url, connect, async (client) => {
    const own = await client.query<{ role: string | null }>(`SELECT ${ROLE_TO_RETURN_TO} AS role`)
    const found = await client.query<{ name: string; value: string }>(
      'SELECT name, reset_val AS value FROM pg_catalog.pg_settings',
    )
    return { rows: found.rows, role: own.rows[0]?.role ?? null }
  })
  const others = rows.filter(({ name, value }) => NEEDED[name] !== undefined && NEEDED[name] !== value)
  const options = others.map(({ name }) => `-c ${name}=${NEEDED[name]}`)
  const settings = (given = ''): { PGOPTIONS?: string } =>
    options.length === 0 ? {} : { PGOPTIONS: [given, ...options].join(' ').trim() }
  return { settings, role }
}

async function restoreAsSql(request: ArchiveRequest): Promise<RestoreNotes> {
  const structure = await structureOf(request, 'pre-data')
  return await inOneSession(request, async (session) => {
    if (request.force) await clearDatabase(session.client, structure, request)
    await runDump(session, structure, request)
    let rows: RowTarget | null = null
    let sql: string[] = []
    const runLines = async () => {
      const text = sql.join('\n')
      sql = []
      await runDump(session, text, request)
    }
    await readArchiveScript(request, ['--section=data'], {
      async line(line) {
        sql.push(line)
        // Each chunk of a large object is one line.
        if (line.startsWith('SELECT pg_catalog.lowrite(')) await runLines()
      },
      copy: {
        async begin(statement) {
          await runLines()
          rows = session.openRows(statement)
        },
        rows: (piece) => rows?.rows(piece),
        end: () => rows?.end(),
      },
    })
    await runLines()
    await runDump(session, await structureOf(request, 'post-data'), request)
  })
}

/** As SQL, with the comments that name the objects. */
async function structureOf(request: ArchiveRequest, section: 'pre-data' | 'post-data'): Promise<string> {
  const lines: string[] = []
  await readArchiveScript(request, [`--section=${section}`], { line: (line) => void lines.push(line) })
  const encoding = lines.map((line) => ENCODING.exec(line)?.[1]).find((name) => name !== undefined)
  if (encoding !== undefined && encoding !== 'UTF8') throw archiveEncoding(request.path, encoding)
  return lines.join('\n')
}

/** As pg_dump writes it at the start. */
const ENCODING = /^SET client_encoding = '(\w+)';$/

/** Not `pg_restore: creating TABLE "public.Lead"`. */
function isNoStep(line: string): boolean {
  return !/^pg_restore: (?!error|warning|hint|detail|from TOC|while)/i.test(line)
}

/** In the syntax of a connection string; libpq would parse a bare name that contains `=` as one. */
function quoteConnectionValue(value: string): string {
  return `'${value.replace(/['\\]/g, '\\$&')}'`
}
