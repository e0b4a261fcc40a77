import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { AuditError } from '../../../server/src/errors'
import { EXPORT_WAY } from '../../../server/src/backup/export/export-way'
import { restoreBackup } from '../../../server/src/backup/restore/restore-backup'
import { verifyBackup } from '../../../server/src/backup/verify-backup'
import { inPlainEnglish, type Phrase } from '../../../server/src/text/phrase'
import { usePostgres } from '../../support/postgres'
import { until } from '../../support/until'
import { backUpTo, DIFFICULT_SQL, NOTHING_INSTALLED, useFolder } from './support'

describe('passwords, while a backup is made, verified, rehearsed and restored', () => {
  const server = usePostgres()
  const folder = useFolder()
  const { TMPDIR } = process.env

  before(function () {
    if (process.platform !== 'linux') this.skip()
  })

  // Of our own, so that everything in it is ours.
  beforeEach(() => {
    process.env.TMPDIR = path.join(folder(), 'temporary')
    fs.mkdirSync(process.env.TMPDIR)
  })
  afterEach(() => {
    if (TMPDIR === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = TMPDIR
  })

  for (const [way, options] of [
    ['pg_dump', {}],
    ['the built-in one', NOTHING_INSTALLED],
    ['the export', { ...NOTHING_INSTALLED, way: EXPORT_WAY }],
  ] as const) {
    it(`stand in no argument, environment, message, log or file that others can read: ${way}`, async function () {
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
      const secrets = [password, decodeURIComponent(password)]
      const said: string[] = []
      const temporary = path.join(folder(), 'temporary')
      const watch = watchChildren(secrets, temporary)
      const onProgress = (message: Phrase) => void said.push(inPlainEnglish(message))
      const given = { ...options, environment: { ...environment, TMPDIR: temporary }, onProgress }
      const backup = await backUpTo(folder(), without(database.url), given)
      assert.equal(backup.level, 3, backup.proof)
      await verifyBackup({ path: backup.path, level: 3, url: without(server.url), ...given })
      // In an embedded server, whose process has nothing to do with the password.
      if (way === 'the export') await verifyBackup({ path: backup.path, level: 3, url: null, ...given })
      await restoreBackup({ path: backup.path, url: without(target.url), ...given })
      const wrong = without(target.url).replace(/:\/\/[^@]*@/, '://nobody@')
      await restoreBackup({ path: backup.path, url: wrong, ...given }).catch((error: unknown) => {
        assert.ok(error instanceof AuditError)
        said.push(error.message, error.why, error.nextStep)
      })
      const { programs, found } = await watch.end()
      assert.deepEqual(found, [])
      assert.deepEqual(fs.readdirSync(temporary), [])
      const written = fs.readdirSync(folder()).filter((name) => name !== 'temporary')
      assert.ok(written.length >= 3, written.join(' '))
      said.push(server.log(), ...written.map((name) => fs.readFileSync(path.join(folder(), name), 'latin1')))
      assert.deepEqual(
        said.filter((text) => secrets.some((secret) => text.includes(secret))),
        [],
      )
      assert.ok(
        programs.some((program) => /pg_dump|pg_restore|built-in-dump/.test(program)),
        programs.join('\n'),
      )
    })
  }
})

/** Looks at the descendants of this process, their open files and our temporary ones a hundred times a second. */
function watchChildren(secrets: readonly string[], temporary: string) {
  const programs = new Set<string>()
  const found = new Set<string>()
  const over = new AbortController()
  const isSecret = (text: string) => secrets.some((secret) => text.includes(secret))
  const look = () => {
    for (const pid of descendantsOf(process.pid)) {
      const [command, environ] = [readProcess(pid, 'cmdline'), readProcess(pid, 'environ')]
      programs.add(command)
      if (isSecret(command)) found.add(`arguments of ${command}`)
      if (isSecret(environ)) found.add(`environment of ${command}`)
      for (const file of openFiles(pid))
        if (isShared(file) && isSecret(readSmall(file))) found.add(`${file} of ${command}`)
    }
    for (const name of listed(temporary)) {
      for (const file of [name, ...listed(name)]) if (isShared(file)) found.add(`${file} can be read by others`)
    }
  }
  const loop = until(() => {
    look()
    return over.signal.aborted
  })
  return {
    async end() {
      over.abort()
      await loop
      return { programs: [...programs], found: [...found] }
    },
  }
}

/** Whether other users can read it; not if it is gone. */
function isShared(file: string): boolean {
  return ((fs.statSync(file, { throwIfNoEntry: false })?.mode ?? 0) & 0o077) !== 0
}

/** By their places in /proc, which also lead to deleted ones; without programs, libraries and devices. */
function openFiles(pid: number): string[] {
  return listed(`/proc/${pid}/fd`).filter((file) => {
    try {
      return fs.statSync(file).isFile() && !/^\/(?:usr|lib|proc|sys|dev)\//.test(fs.readlinkSync(file))
    } catch {
      return false
    }
  })
}

/** Empty where it has been closed. */
function readSmall(file: string): string {
  try {
    return fs.statSync(file).size < 1_000_000 ? fs.readFileSync(file, 'latin1') : ''
  } catch {
    return ''
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
