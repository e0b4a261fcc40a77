import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { readManifest } from '../../../server/src/backup/manifest/manifest-file'
import { listBackups } from '../../../server/src/backup/manifest/list-backups'
import { LEAD_ROWS, LeadServer } from '../lead-database'
import type { Measurement, Row } from '../measurement'
import { times } from '../statistics'

/** Megabytes. */
const MOST_MEMORY = 150

/** A backup by the command line, beside `pg_dump -Fc` and `pg_restore` by hand; and what our own process holds meanwhile. */
export const backup: Row = {
  name: 'backup',
  async measure(bench) {
    const server = await LeadServer.start()
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
  const dump = secondsOf('pg_dump', ['--format=custom', `--file=${file}`, `--dbname=${url}`])
  const ours = await backUp(folder, url, 3)
  secondsOf('psql', ['--quiet', `--dbname=${url}`, '--command=CREATE DATABASE by_hand'])
  const restore = secondsOf('pg_restore', [`--dbname=${target}`, file])
  const [readBack = 0, , restored = 0] = ours.proofs
  const rows = LEAD_ROWS.toLocaleString('en-US')
  return [
    {
      ...compare(`back up ${rows} rows; reading it back takes ${seconds(readBack)}`, ours.dump, dump, 1.15),
      figures: { ours: ours.dump, readBack, pgDump: dump },
    },
    {
      ...compare('level 3, beside pg_dump and pg_restore', ours.dump + readBack + restored, dump + restore, 2.5),
      figures: { ours: ours.dump + readBack + restored, pgDump: dump, pgRestore: restore },
    },
    {
      ...{ what: 'peak memory of our process', ours: `${ours.peak.toFixed(0)} MB`, peer: '', ratio: '' },
      ...{ target: `< ${MOST_MEMORY} MB`, isMet: ours.peak < MOST_MEMORY, figures: { peakMegabytes: ours.peak } },
    },
  ]
}

function compare(what: string, ours: number, peer: number, most: number): Omit<Measurement, 'figures'> {
  const ratio = ours / peer
  return {
    ...{ what, ours: seconds(ours), peer: seconds(peer), ratio: times(ratio) },
    ...{ target: `≤ ${most} ×`, isMet: ratio <= most },
  }
}

/** @returns seconds, of each level for itself, and megabytes */
async function backUp(folder: string, url: string, level: number) {
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
  return { dump: manifest.durationMilliseconds / 1000, proofs, peak }
}

/** Megabytes; 0 where the process has ended, or the system does not tell. */
function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}

function secondsOf(program: string, words: readonly string[]): number {
  const start = performance.now()
  const { status } = spawnSync(program, words, { stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error(`${program} ended with ${String(status)}.`)
  return (performance.now() - start) / 1000
}

function seconds(of: number): string {
  return `${of.toFixed(1)} s`
}
