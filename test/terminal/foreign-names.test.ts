import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { commandLine } from '../support/command-line'
import { freePort } from '../support/network'
import { fileName, HOSTILE_STRUCTURE, id, layOutHostileProject, name } from '../support/hostile-project'
import { assertHarmless, HOSTILE } from '../support/hostile-text'
import { usePostgres, type TestDatabase } from '../support/postgres'

const CLI = path.join(__BUNDLE_FOLDER__, 'cli.js')

/** The commands that `foreign-text` does not run. */
describe('names that are attacks, of roles, folders, programs and code too', function () {
  this.timeout(600_000)
  const postgres = usePostgres()
  let database: TestDatabase
  let folder: string
  let above: string

  before(async () => {
    above = layOutHostileProject()
    folder = path.join(above, fileName('p'))
    fs.mkdirSync(folder)
    for (const entry of ['prisma', 'prisma-audit.json'])
      fs.renameSync(path.join(above, entry), path.join(folder, entry))
    write('package.json', JSON.stringify({ name: name('n'), dependencies: { '@prisma/client': HOSTILE } }))
    write(
      `src/${fileName('s')}.ts`,
      "import { PrismaClient } from '@prisma/client'\nexport const prisma = new PrismaClient()\n",
    )
    database = await postgres.createDatabase({ sql: HOSTILE_STRUCTURE, name: name('d').replace(/[:/]/g, '') })
    await database.query(`CREATE ROLE ${id('r')}; ALTER TABLE ${id('t')} OWNER TO ${id('r')};
      ALTER FUNCTION ${id('f')}() OWNER TO ${id('r')}; CREATE SCHEMA ${id('s')} AUTHORIZATION ${id('r')};
      CREATE FUNCTION ${id('s')}.${id('b')}(text) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT true';
      ALTER FUNCTION ${id('s')}.${id('b')}(text) OWNER TO ${id('r')};
      ALTER TABLE ${id('t')} ADD CONSTRAINT ${id('q')} CHECK (${id('s')}.${id('b')}(${id('c')}))`)
  })
  after(async () => {
    await database.query(`DROP OWNED BY ${id('r')}; DROP ROLE ${id('r')}`)
    await database.drop()
    fs.rmSync(above, { recursive: true, force: true })
  })

  function write(file: string, text: string): string {
    const place = path.join(folder, file)
    fs.mkdirSync(path.dirname(place), { recursive: true })
    fs.writeFileSync(place, text)
    return place
  }

  async function harmless(words: readonly string[], exitCode: number, said: RegExp): Promise<void> {
    const environment = { XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder }
    const { stdout, stderr, ...result } = await commandLine([...words, '--url', database.url], { folder, environment })
    assertHarmless(stdout)
    assertHarmless(stderr)
    assert.equal(result.exitCode, exitCode, stdout + stderr)
    assert.match(stdout + stderr, said)
  }

  it('are shown by plan, verify, baseline and environment, with the role that owns the table', async () => {
    await harmless(['plan'], 0, /of the role "?r\\+u\{1b\}/)
    await harmless(['verify'], 1, /t\\u\{1b\}/)
    await harmless(['baseline'], 0, /Wrote \d+ findings/)
    await harmless(['check', '--baseline', 'prisma-audit.baseline.json'], 0, /Not listed: \d+ findings/)
    await harmless(['environment', '--yes'], 2, /Which environment is d\\u\{1b\}/)
    await harmless(['migrate', '--yes', '--confirm-database', name('o')], 2, /o\\u\{1b\}/)
    const url = `postgresql://u@/d?host=${encodeURIComponent(`/tmp/${fileName('h')}`)}`
    const { stdout, stderr } = await commandLine(['check', '--url', url], { folder })
    assertHarmless(stdout + stderr)
    assert.match(stderr, /h\\u\{1b\}/)
  })

  it('and by a backup in such a folder, and the restore of such a table', async () => {
    const backups = path.join(folder, 'backups')
    await harmless(['backup', '--level', '2', '--output', backups], 0, /level +2/)
    const file = path.join(backups, fs.readdirSync(backups).find((entry) => entry.endsWith('.dump')) ?? '')
    await harmless(['restore', file, '--table', name('zz'), '--yes'], 2, /zz\\u\{1b\}/)
    await harmless(['restore', file, '--table', name('t'), '--yes'], 2, /r\\u\{1b\}/)
  })

  it('and by agents', async () => {
    const env = { ...process.env, XDG_STATE_HOME: folder } as Record<string, string>
    const args = [CLI, 'mcp', '--read-only', '--url', database.url]
    const transport = new StdioClientTransport({ command: process.execPath, args, cwd: folder, env, stderr: 'pipe' })
    let stderr = ''
    transport.stderr?.on('data', (chunk) => (stderr += String(chunk)))
    const client = new Client({ name: 'test', version: '1' }, { capabilities: {} })
    await client.connect(transport)
    for (const tool of ['check', 'plan', 'verify', 'coverage', 'backups']) {
      const { content } = await client.callTool({ name: tool, arguments: {} })
      const [{ text = '' } = {}] = content as { text?: string }[]
      assertHarmless(text)
      assert.match(text, /u\{1b\}|\\u001b/, tool)
    }
    await client.close()
    assertHarmless(stderr)
  })

  it('and by a sandbox', async () => {
    const child = spawn(process.execPath, [CLI, 'sandbox'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
    let shown = ''
    const closed = new Promise((resolve) => child.once('close', resolve))
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        shown += String(chunk)
        if (shown.includes('until you press Ctrl-C')) child.kill('SIGINT')
      })
    }
    await closed
    assertHarmless(shown)
    assert.match(shown, /2 tables, \d+ generated rows/)
  })

  it("and by a guided run, with what the project's Prisma and the application say", async () => {
    await harmless(['generate'], 2, /not installed[^]*p\\u\{1b\}/)
    write('node_modules/prisma/package.json', JSON.stringify({ name: 'prisma', version: HOSTILE, bin: 'cli.js' }))
    write('node_modules/prisma/cli.js', `console.error(${JSON.stringify(HOSTILE)})\nprocess.exit(1)\n`)
    await harmless(['run', '--yes', '--no-backup'], 2, /Stopped during: Generate/)
    await harmless(['actor', '--yes'], 0, /audit-actor\.ts/)
    const port = String(await freePort())
    const server = write(
      'server.mjs',
      `import http from 'node:http'
      const hostile = ${JSON.stringify(HOSTILE)}
      console.log(hostile)
      http.createServer((_, response) => response.end(hostile)).listen(${port}, '127.0.0.1')`,
    )
    const file = path.join(folder, 'prisma-audit.json')
    const policy = JSON.parse(fs.readFileSync(file, 'utf8')) as object
    const checks = [{ request: 'GET /', name: name('j'), expect: [name('j')] }]
    const start = [process.execPath, server, name('w')]
    const application = { start, ready: `http://127.0.0.1:${port}/`, checks }
    write('prisma-audit.json', JSON.stringify({ ...policy, application }))
    await harmless(['smoke', '--yes'], 1, /u\{1b\}/)
    write('server.mjs', `console.error(${JSON.stringify(HOSTILE)})\nprocess.exit(3)\n`)
    await harmless(['smoke', '--yes'], 2, /u\{1b\}/)
    await harmless(['rollback', '--yes'], 0, /t\\u\{1b\}/)
  })
})
