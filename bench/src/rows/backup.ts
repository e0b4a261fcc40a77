import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { readManifest } from '../../../server/src/backup/manifest/manifest-file'
import { listBackups } from '../../../server/src/backup/manifest/list-backups'
import { LeadServer } from '../lead-database'
import type { Measurement, Row } from '../measurement'
import { times } from '../statistics'

/** Megabytes. */
const MOST_MEMORY = 150

/** A database of 1 GB; another size by the environment. */
const ROWS = Number(process.env.PRISMA_AUDIT_BENCH_ROWS ?? 9_500_000)

/**
 * A backup by the command line, beside `pg_dump -Fc` and `pg_restore` by hand; and what our own process holds
 * meanwhile.
 */
export const backup: Row = {
  name: 'backup',
  async measure(bench) {
    const server = await LeadServer.start(ROWS)
    try {
      return await measure(bench.newFolder('backup'), await server.copy())
    } finally {
      await server.stop()
    }
  },
}

async function measure(folder: string, url: string): Promise<Measurement[]> {
  const file = path.join(folder, 'by-hand.dump')
  const target = url.replace(/\/[^/]*$/, '/by_hand')
  const server = await serverOf(url)
  const dump = await timed(server, () => run('pg_dump', ['--format=custom', `--file=${file}`, `--dbname=${url}`]))
  const dumped = await timed(server, () => backUp(path.join(folder, 'dumped'), url, 2))
  const restored = await timed(server, () => backUp(path.join(folder, 'restored'), url, 3))
  run('psql', ['--quiet', `--dbname=${url}`, '--command=CREATE DATABASE by_hand'])
  const restore = await timed(server, () => run('pg_restore', [`--dbname=${target}`, file]))
  const readBack = (dumped.result.proofs[0] ?? 0) + (dumped.result.proofs[1] ?? 0)
  const byHand = { wall: dump.wall + restore.wall, processor: dump.processor + restore.processor }
  const peak = Math.max(dumped.result.peak, restored.result.peak)
  const megabytes = `${Math.round(server.bytes / 1e6).toLocaleString('en-US')} MB`
  const size = `${(dumped.result.bytes / fs.statSync(file).size).toFixed(2)} × as large`
  return [
    {
      ...compare(`back up ${megabytes}; reading it back takes ${seconds(readBack)}; the file is ${size}`, {
        ...{ ours: dumped.result.dump, peer: dump.wall, most: 1.15 },
      }),
      figures: { ours: dumped.result.dump, readBack, pgDump: dump.wall },
    },
    {
      ...compare('the same and the read-back, processor time', {
        ours: dumped.processor,
        peer: dump.processor,
        most: null,
      }),
      figures: { ours: dumped.processor, pgDump: dump.processor },
    },
    {
      ...compare('level 3, beside pg_dump and pg_restore', { ours: restored.wall, peer: byHand.wall, most: 2.5 }),
      figures: { ours: restored.wall, pgDump: dump.wall, pgRestore: restore.wall },
    },
    {
      ...compare('the same, processor time', { ours: restored.processor, peer: byHand.processor, most: null }),
      figures: { ours: restored.processor, pgDump: dump.processor, pgRestore: restore.processor },
    },
    {
      ...{ what: 'peak memory of our processes', ours: `${peak.toFixed(0)} MB`, peer: '', ratio: '' },
      ...{ target: `< ${MOST_MEMORY} MB`, isMet: peak < MOST_MEMORY, figures: { peakMegabytes: peak } },
    },
  ]
}

function compare(
  what: string,
  { ours, peer, most }: { readonly ours: number; readonly peer: number; readonly most: number | null },
): Omit<Measurement, 'figures'> {
  const ratio = ours / peer
  return {
    ...{ what, ours: seconds(ours), peer: seconds(peer), ratio: times(ratio) },
    ...{ target: most === null ? '' : `≤ ${most} ×`, isMet: most === null ? null : ratio <= most },
  }
}

interface Server {
  readonly processId: number
  /** Of the database. */
  readonly bytes: number
}

async function serverOf(url: string): Promise<Server> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ folder: string; bytes: string }>(
      `SELECT current_setting('data_directory') AS folder, pg_database_size(current_database()) AS bytes`,
    )
    const [row] = rows
    const pidFile = fs.readFileSync(path.join(row?.folder ?? '', 'postmaster.pid'), 'utf8')
    return { processId: Number.parseInt(pidFile, 10), bytes: Number(row?.bytes) }
  } finally {
    await client.end()
  }
}

/** Wall and processor seconds; the latter of the programs and of the server's own processes, once they have ended. */
async function timed<Result>(
  { processId }: Server,
  work: () => Promise<Result> | Result,
): Promise<{ result: Result; wall: number; processor: number }> {
  const [start, before] = [performance.now(), processorSeconds(processId)]
  const result = await work()
  const wall = (performance.now() - start) / 1000
  // Sessions count once they have ended, which they do on their own time.
  for (let turn = 0; turn < 100 && hasSessions(processId); turn++) await setTimeout(50)
  return { result, wall, processor: processorSeconds(processId) - before }
}

/**
 * Is a client connected? Its process is called `postgres: user database 127.0.0.1(41234) idle`, and nothing while it is
 * being ended.
 */
function hasSessions(server: number): boolean {
  const children = readText(`/proc/${server}/task/${server}/children`).trim().split(' ')
  return children.some((pid) => /\(\d+\)|^$/.test(readText(`/proc/${pid}/cmdline`)))
}

/** Empty where it is not there, or not any more. */
function readText(file: string): string {
  try {
    return fs.readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}

/** Of the ended children of this process and of the server; 0 where the system does not tell. */
function processorSeconds(server: number): number {
  return [process.pid, server].reduce((sum, pid) => {
    const fields = readText(`/proc/${pid}/stat`)
      .replace(/^.*\) /, '')
      .split(' ')
    return sum + (Number(fields[13] ?? 0) + Number(fields[14] ?? 0)) / 100
  }, 0)
}

/** @returns seconds, of each level for itself, and megabytes */
async function backUp(folder: string, url: string, level: number) {
  fs.mkdirSync(folder)
  fs.writeFileSync(path.join(folder, 'schema.prisma'), 'datasource db {\n  provider = "postgresql"\n}\n')
  const output = path.join(folder, 'backups')
  const words = ['backup', '--cwd', folder, '--url', url, '--output', output, '--level', String(level)]
  const child = spawn(process.execPath, [path.join(__BUNDLE_FOLDER__, 'cli.js'), ...words], { stdio: 'ignore' })
  let peak = 0
  // The kernel keeps the highest figure, so that looking now and then misses little.
  const watch = setInterval(() => (peak = Math.max(peak, peakOf(child.pid ?? 0))), 50)
  const [code] = (await once(child, 'close')) as [number | null]
  clearInterval(watch)
  const [made] = listBackups(output)
  const manifest = made === undefined ? null : readManifest(made.path)
  if (code !== 0 || manifest === null) throw new Error(`The backup ended with ${String(code)}.`)
  const proofs = manifest.proofs.map(({ milliseconds }) => milliseconds / 1000)
  return { dump: manifest.durationMilliseconds / 1000, proofs, peak, bytes: manifest.bytes }
}

/**
 * Megabytes of our two processes: all of the one that works, and of the one that waits for it what they do not share; 0
 * where they have ended, or the system does not tell.
 */
function peakOf(pid: number): number {
  const [worker = ''] = readText(`/proc/${pid}/task/${pid}/children`).split(' ')
  return megabytesOf(worker, 'VmHWM') + megabytesOf(String(pid), 'RssAnon')
}

function megabytesOf(pid: string, field: 'VmHWM' | 'RssAnon'): number {
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readText(`/proc/${pid}/status`))?.[1] ?? 0) / 1024
}

function run(program: string, words: readonly string[]): void {
  const { status } = spawnSync(program, words, { stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error(`${program} ended with ${String(status)}.`)
}

function seconds(of: number): string {
  return `${of.toFixed(1)} s`
}
