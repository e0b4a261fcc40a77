import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { commandLine } from '../support/command-line'
import { usePostgres } from '../support/postgres'
import { hasPseudoTerminal, onPseudoTerminal } from '../support/pseudo-terminal'

const SCHEMA = `datasource db {
  provider = "postgresql"
}

model User {
  id Int @id
}

model Lead {
  id        Int      @id
  name      String
  createdAt DateTime
}
`
const READS = `const prisma = new PrismaClient()
export const list = () => prisma.lead.findMany({ select: { id: true, name: true, createdAt: true } })
`
const STRUCTURE = `
  CREATE TABLE "User" (id integer PRIMARY KEY);
  CREATE TABLE "Lead" (id integer PRIMARY KEY, name text NOT NULL, "createdAt" timestamp(3) NOT NULL)`

describe('a rollback that is killed behind its edit of the schema', () => {
  const postgres = usePostgres()
  let folder: string
  beforeEach(() => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-killed-')))
    write('schema.prisma', SCHEMA)
    write('prisma-audit.json', JSON.stringify({ rules: [{ models: ['Lead'], require: ['updatedAt'] }] }))
    write('admin/list.ts', READS)
  })
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

  const write = (name: string, text: string) => {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    fs.writeFileSync(path.join(folder, name), text)
  }
  const read = (name: string) => fs.readFileSync(path.join(folder, name), 'utf8')

  it('still offers to take the edits of the code back, and then forgets the run', async function () {
    if (!hasPseudoTerminal()) this.skip()
    const database = await postgres.createDatabase({ sql: STRUCTURE })
    const environment = { DATABASE_URL: database.url }
    const migrated = await commandLine(['run', '--yes', '--no-backup', '--no-actor', '--url', database.url], { folder })
    assert.equal(migrated.exitCode, 0, migrated.stdout + migrated.stderr)
    assert.match(read('admin/list.ts'), /updatedAt: true/)

    let answered = false
    const killed = await onPseudoTerminal(['rollback', '--url', database.url], {
      folder,
      environment,
      type: (screen) => {
        if (/Apply these edits\?[^]*Number, or Enter/.test(screen)) processIn(folder).forEach(kill)
        if (answered || !screen.includes('Number, or Enter')) return null
        answered = true
        return '1\r'
      },
    })
    assert.match(killed.text, /Remove the audit fields from the application's code/)
    assert.equal(read('schema.prisma'), SCHEMA)
    assert.match(read('admin/list.ts'), /updatedAt: true/)

    const refused = await commandLine(['migrate', '--yes', '--url', database.url], { folder })
    assert.match(refused.stderr, /rollback of run 1 is unfinished/)
    const rest = await commandLine(['rollback', '--yes', '--url', database.url], { folder })
    assert.equal(rest.exitCode, 0, rest.stdout + rest.stderr)
    assert.match(rest.stdout + rest.stderr, /The database is rolled back already/)
    assert.equal(read('admin/list.ts'), READS)
    assert.deepEqual(await database.query(`SELECT FROM pg_catalog.pg_namespace WHERE nspname = 'prisma_audit'`), [])
    const again = await commandLine(['rollback', '--yes', '--url', database.url], { folder })
    assert.match(again.stdout + again.stderr, /There is nothing to roll back/)
    await database.drop()
  })
})

/** The command line that works in a folder: not the shell and the terminal around it. */
function processIn(folder: string): number[] {
  return fs.readdirSync('/proc').flatMap((name) => {
    try {
      const isOurs = /^\d+$/.test(name) && fs.readlinkSync(`/proc/${name}/cwd`) === folder
      const [program = ''] = isOurs ? fs.readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0') : []
      return path.basename(program).startsWith('node') ? [Number(name)] : []
    } catch {
      // Another one has ended meanwhile.
      return []
    }
  })
}

function kill(pid: number): void {
  process.kill(pid, 'SIGKILL')
}
