import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { startAgentClient } from '../support/agent-client'
import { commandLine } from '../support/command-line'
import { freePort } from '../support/network'
import { plantHostileObjects, type HostileObjects } from '../support/hostile-objects'
import { openSchemaOnce } from '../support/lsp-client'
import { usePostgres, type TestDatabase } from '../support/postgres'
import { createSampleWorkspace, type SampleWorkspace } from '../support/sample-workspace'
import { createProject } from '../database/migration/support/project'

const ATTACKER = 'low'
const UNHARMED = { ran: [], isSuperuser: false }

/**
 * Triggers, and functions of constraints, indexes and defaults, of a table that belongs to a lesser role run as whoever
 * writes to the table; that is not prevented, and the last test shows that it is told.
 */
describe('a role that may only create objects in public', () => {
  const postgres = usePostgres()
  let workspace: SampleWorkspace
  let hostile: HostileObjects

  before(async function () {
    this.timeout(600_000)
    await postgres.createRole({ name: ATTACKER })
    workspace = await createSampleWorkspace(postgres)
    hostile = await plantHostileObjects(postgres, workspace.database, ATTACKER)
    assert.ok(hostile.count > 2000, String(hostile.count))
    await workspace.database.query(`
      CREATE FUNCTION trap.watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN PERFORM 1; END';
      CREATE EVENT TRIGGER watch ON ddl_command_end EXECUTE FUNCTION trap.watch()`)
  })
  after(() => workspace.remove())

  it('is heard by whoever calls unqualified, so that the rest proves something', async () => {
    await workspace.database.query(`SELECT concat_ws(' ', 1::bigint, 2::numeric, 3::numeric)`)
    await workspace.database.query(`SELECT 1 WHERE 1::oid = 'pg_class'::regclass`)
    const { ran, isSuperuser } = await hostile.harm()
    assert.equal(isSuperuser, true)
    assert.equal(ran.length, 2)
    await workspace.database.query(`ALTER ROLE ${ATTACKER} NOSUPERUSER`)
  })

  it("gains nothing by a superuser's editor that opens the schema", async () => {
    await openSchemaOnce(workspace)
    assert.deepEqual(await hostile.harm(), UNHARMED)
  })

  const backups = () => path.join(workspace.folder, 'kept-backups')
  for (const [words, exitCode] of [
    [['check'], 1],
    [['check', '--format', 'json'], 1],
    [['baseline', '--output', 'known.json'], 0],
    [['environment'], null],
    [['plan', '--format', 'sql'], 0],
    [['plan', '--drift'], 0],
    [['lint'], null],
    [['backup', '--output'], 0],
    [['migrate', '--yes'], 0],
    [['verify'], 0],
    [['rollback', '--yes'], 0],
    [['run', '--yes', '--no-backup'], 0],
    [['restore', '--yes'], 0],
  ] as const) {
    it(`gains nothing by a superuser's ${words.join(' ')}`, async function () {
      this.timeout(600_000)
      const more = words[0] === 'backup' ? [backups()] : []
      const given = words[0] === 'restore' ? await restoreArguments() : []
      const {
        exitCode: actual,
        stdout,
        stderr,
      } = await commandLine([...words, ...more, ...given], {
        folder: workspace.folder,
        environment: workspace.environment,
      })
      assert.deepEqual(await hostile.harm(), UNHARMED, `${stdout}\n${stderr}`)
      if (exitCode !== null) assert.equal(actual, exitCode, `${stdout}\n${stderr}`)
    })
  }

  it('is not even asked by actor, backups, smoke and sandbox: they open no session', async function () {
    this.timeout(600_000)
    const port = await freePort()
    const server = `require('http').createServer((_, answer) => answer.end('{}')).listen(${String(port)}, '127.0.0.1')`
    const application = {
      start: [process.execPath, '-e', server],
      ready: `http://127.0.0.1:${String(port)}/`,
      checks: [{ request: 'GET /' }],
    }
    fs.writeFileSync(path.join(workspace.folder, 'smoke.json'), JSON.stringify({ application }))
    const given = { folder: workspace.folder, environment: workspace.environment }
    const sessions = () => postgres.log().split(`database=${workspace.database.name}`).length
    const before = sessions()
    for (const words of [
      ['actor', '--output', 'audit-actor.ts', '--test'],
      ['backups', '--output', backups()],
      ['backups', 'prune', '--keep', '1', '--dry-run', '--output', backups()],
      ['smoke', '--policy', 'smoke.json'],
    ]) {
      const { exitCode, stdout, stderr } = await commandLine(words, given)
      assert.equal(exitCode, 0, `${stdout}\n${stderr}`)
      assert.equal(sessions(), before, words.join(' '))
    }
    const cli = path.join(__BUNDLE_FOLDER__, 'cli.js')
    const child = spawn(process.execPath, [cli, 'sandbox'], {
      ...{ cwd: workspace.folder, env: { ...process.env, ...workspace.environment } },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const closed = once(child, 'close')
    const said = await Promise.race([once(child.stdout, 'data'), closed])
    assert.match(String(said[0]), /^postgres/)
    child.kill('SIGINT')
    await closed
    assert.equal(sessions(), before)
    // So that the count proves something.
    await commandLine(['check'], given)
    assert.ok(sessions() > before)
    assert.deepEqual(await hostile.harm(), UNHARMED)
  })

  it("gains nothing by a superuser's agents, whichever tool they call", async function () {
    this.timeout(600_000)
    const agent = await startAgentClient(workspace)
    try {
      for (const tool of ['check', 'coverage', 'verify', 'backups']) {
        const answer = await agent.call(tool)
        assert.deepEqual(await hostile.harm(), UNHARMED, `${tool}\n${answer}`)
      }
      assert.match(await agent.call('roll_back'), /rolled back/i)
      const [, planHash = ''] = /Plan hash: ([0-9a-f]{16})/.exec(await agent.call('plan')) ?? []
      await agent.call('rehearse')
      assert.deepEqual(await hostile.harm(), UNHARMED)
      assert.match(await agent.call('migrate', { planHash }), /The run completed/)
      assert.deepEqual(await hostile.harm(), UNHARMED)
    } finally {
      await agent.close()
    }
  })

  async function restoreArguments(): Promise<string[]> {
    const file = fs.readdirSync(backups()).find((name) => !/\.(?:gitignore|json|sha256)$/.test(name)) ?? ''
    const empty: TestDatabase = await postgres.createDatabase()
    return [path.join(backups(), file), '--url', empty.url]
  }

  it('gains nothing where Prisma carries out our SQL, with the path that it has', async function () {
    this.timeout(600_000)
    const project = await createProject(postgres, {
      schema: fs.readFileSync(path.join(__REPOSITORY__, 'sample/backend/prisma/schema.prisma'), 'utf8'),
      policy: JSON.parse(fs.readFileSync(path.join(__REPOSITORY__, 'sample/prisma-audit.json'), 'utf8')) as unknown,
      sql: `INSERT INTO "User" (name, email) VALUES ('A', 'a@example.net'); INSERT INTO "Lead" (name, email) VALUES ('A', 'a@example.net')`,
    })
    const { steps, checks } = await project.plan()
    const traps = await plantHostileObjects(postgres, project.database, ATTACKER)
    for (const { up } of steps) for (const statement of up) await project.database.query(statement)
    // The script that verifies sets the path itself.
    for (const { sql } of checks) {
      await project.database.query(`BEGIN; SET LOCAL search_path = pg_catalog, pg_temp; ${sql}; ROLLBACK`)
    }
    for (const { down } of [...steps].reverse()) for (const statement of down) await project.database.query(statement)
    assert.deepEqual(await traps.harm(), UNHARMED)
  })

  it('is named before a superuser writes to a table of its own, whose triggers would run with his rights', async () => {
    const given = { folder: workspace.folder, environment: workspace.environment }
    await commandLine(['rollback', '--yes'], given)
    await workspace.database.query(`ALTER TABLE public."Lead" OWNER TO ${ATTACKER}`)
    const plan = await commandLine(['plan'], given)
    const asOwner = /You are connected as a superuser, but a role without superuser privileges owns Lead\. Its triggers/
    assert.match(`${plan.stdout}${plan.stderr}`.replace(/\s+/g, ' '), asOwner)
  })

  it('gains nothing by an index of its own table that PostgreSQL evaluates while it plans any query of it', async function () {
    this.timeout(600_000)
    const given = { folder: workspace.folder, environment: workspace.environment }
    await workspace.database.query(`SET SESSION AUTHORIZATION ${ATTACKER};
      CREATE FUNCTION public.evaluated() RETURNS bool LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN public.strike(''planned''); END';
      CREATE INDEX trap ON public."Lead" (name) WHERE public.evaluated(); RESET SESSION AUTHORIZATION`)
    const again = path.join(workspace.folder, 'backup-of-trap')
    for (const words of [['plan'], ['verify'], ['migrate', '--yes'], ['backup', '--output', again]]) {
      const { exitCode, stdout, stderr } = await commandLine(words, given)
      assert.deepEqual(await hostile.harm(), UNHARMED, `${words.join(' ')}\n${stdout}\n${stderr}`)
      assert.match(`${stdout}${stderr}`, /the index trap of public\."Lead" calls public\.evaluated\(\) of the role low/)
      assert.equal(exitCode, 2)
    }
    await workspace.database.query('SELECT count(*) FROM public."Lead"')
    assert.notDeepEqual(await hostile.harm(), UNHARMED)
  })
})
