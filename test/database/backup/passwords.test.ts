import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { EXPORT_WAY } from '../../../server/src/backup/export/export-way'
import { restoreBackup } from '../../../server/src/backup/restore/restore-backup'
import { verifyBackup } from '../../../server/src/backup/verify-backup'
import { usePostgres } from '../../support/postgres'
import { backUpTo, DIFFICULT_SQL, NOTHING_INSTALLED, useFolder } from './support'

describe('passwords, while a backup is made, verified and restored', () => {
  const server = usePostgres()
  const folder = useFolder()

  before(function () {
    if (process.platform !== 'linux') this.skip()
  })

  for (const [way, options] of [
    ['pg_dump', {}],
    ['the built-in one', NOTHING_INSTALLED],
    ['the export', { ...NOTHING_INSTALLED, way: EXPORT_WAY }],
  ] as const) {
    it(`stand in no argument, environment or open file: ${way}`, async function () {
      if (way === 'pg_dump' && !fs.existsSync(path.join(server.binFolder, 'pg_dump'))) this.skip()
      const database = await server.createDatabase(DIFFICULT_SQL)
      const target = await server.createDatabase()
      const { password } = new URL(database.url)
      // As where the URL comes from the environment, which programs would inherit.
      const environment = {
        ...(way === 'pg_dump' ? process.env : NOTHING_INSTALLED.environment),
        ...{ DATABASE_URL: database.url, PGPASSWORD: decodeURIComponent(password), ADMIN_TOKEN: `x${password}` },
      }
      const without = (url: string) => url.replace(`:${password}@`, '@')
      const watch = watchChildren([password, decodeURIComponent(password)])
      const given = { ...options, environment }
      const backup = await backUpTo(folder(), without(database.url), given)
      assert.equal(backup.level, 3, backup.proof)
      await verifyBackup({ path: backup.path, level: 3, url: without(server.url), ...given })
      await restoreBackup({ path: backup.path, url: without(target.url), ...given })
      const { programs, found } = await watch.end()
      assert.deepEqual(found, [])
      assert.ok(
        programs.some((program) => /pg_dump|pg_restore|built-in-dump/.test(program)),
        programs.join('\n'),
      )
    })
  }
})

/** Looks at the descendants of this process and at our temporary files as often as it can. */
function watchChildren(secrets: readonly string[]) {
  const programs = new Set<string>()
  const found = new Set<string>()
  const over = new AbortController()
  const look = () => {
    for (const pid of descendantsOf(process.pid)) {
      const [command, environ] = [readProcess(pid, 'cmdline'), readProcess(pid, 'environ')]
      programs.add(command)
      for (const [place, text] of [
        ['arguments', command],
        ['environment', environ],
      ] as const) {
        if (secrets.some((secret) => text.includes(secret))) found.add(`${place} of ${command}`)
      }
    }
    for (const name of fs
      .readdirSync(os.tmpdir())
      .filter((each) => /^prisma-audit-(?:pass|structure|partial)-/.test(each))) {
      const place = path.join(os.tmpdir(), name)
      for (const file of [place, ...listed(place)]) {
        const mode = fs.lstatSync(file, { throwIfNoEntry: false })?.mode ?? 0
        if ((mode & 0o077) !== 0) found.add(`${file} can be read by others`)
      }
    }
  }
  const loop = (async () => {
    while (!over.signal.aborted) {
      look()
      await new Promise((resolve) => setImmediate(resolve))
    }
  })()
  return {
    async end() {
      over.abort()
      await loop
      return { programs: [...programs], found: [...found] }
    },
  }
}

function descendantsOf(parent: number): number[] {
  const children = readProcess(parent, `task/${parent}/children`).split(' ').filter(Boolean).map(Number)
  return children.flatMap((child) => [child, ...descendantsOf(child)])
}

/** Empty where it has ended. */
function readProcess(pid: number, file: string): string {
  try {
    return fs.readFileSync(`/proc/${pid}/${file}`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}

function listed(folder: string): string[] {
  try {
    return fs.readdirSync(folder).map((name) => path.join(folder, name))
  } catch {
    return []
  }
}
