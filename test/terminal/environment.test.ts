import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { commandLine } from '../support/command-line'
import { usePostgres } from '../support/postgres'
import { hasPseudoTerminal, onPseudoTerminal } from '../support/pseudo-terminal'
import { createSampleWorkspace, type SampleWorkspace } from '../support/sample-workspace'

describe('what a database is decides what a terminal may write to it', () => {
  const postgres = usePostgres()
  const config = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-config-'))
  let workspace: SampleWorkspace
  let policy: object

  before(async () => {
    workspace = await createSampleWorkspace(postgres)
    policy = JSON.parse(fs.readFileSync(policyFile(), 'utf8')) as object
  })
  after(async () => {
    await workspace.remove()
    fs.rmSync(config, { recursive: true })
  })
  afterEach(() => declare([]))

  const policyFile = () => path.join(workspace.folder, 'prisma-audit.json')
  const declare = (databases: object[]) => fs.writeFileSync(policyFile(), JSON.stringify({ ...policy, databases }))
  const environment = () => ({ ...workspace.environment, XDG_CONFIG_HOME: config })
  const run = async (...words: string[]) => {
    const { exitCode, stdout, stderr } = await commandLine(words, {
      folder: workspace.folder,
      environment: environment(),
    })
    return { exitCode, text: stdout + stderr }
  }
  /** The same server by a name that is not known to be this machine. */
  const remoteUrl = () => workspace.database.url.replace('127.0.0.1', '127.1')
  const hasJournal = async () =>
    (await workspace.database.query(`SELECT to_regnamespace('prisma_audit') IS NOT NULL AS found`))[0]?.found

  it('--yes does not migrate production, its name does', async () => {
    const { name } = workspace.database
    declare([{ host: '127.*', environment: 'production' }])
    const refused = await run('migrate', '--yes')
    assert.equal(refused.exitCode, 2)
    assert.match(refused.text, new RegExp(`Migrate ${name} on 127\\.0\\.0\\.1:\\d+ \\(production\\)\\?`))
    assert.match(refused.text, new RegExp(`--confirm-database ${name}`))
    const other = await run('migrate', '--yes', '--confirm-database', 'app')
    assert.equal(other.exitCode, 2)
    assert.match(other.text, /--confirm-database names app, but/)
    const weaker = await run('migrate', '--yes', '--environment', 'development')
    assert.equal(weaker.exitCode, 2)
    assert.equal(await hasJournal(), false)

    assert.equal((await run('migrate', '--yes', '--confirm-database', name)).exitCode, 0)
    assert.equal((await run('rollback', '--yes')).exitCode, 2)
    assert.equal(await hasJournal(), true)
    assert.equal((await run('rollback', '--yes', '--confirm-database', name)).exitCode, 0)
  }).timeout(600_000)

  it('writes nothing to what is marked as read-only, or is by PostgreSQL; all that reads works', async () => {
    const { name } = workspace.database
    const refuses = async (words: string[], why: RegExp) => {
      const { exitCode, text } = await run(...words, '--yes', '--confirm-database', name)
      assert.equal(exitCode, 2, text)
      assert.match(text, why)
    }
    const backup = path.join(config, 'none.dump')
    const writing = [['migrate'], ['run', '--no-backup'], ['restore', backup, '--force']]
    declare([{ database: 'crm_*' }, { host: '127.0.0.1', readOnly: true }])
    for (const words of writing) await refuses(words, /is marked as read-only, by you or in the policy/)
    assert.equal((await run('verify')).exitCode, 1)
    declare([])
    await workspace.database.query(`ALTER DATABASE "${name}" SET default_transaction_read_only = on`)
    await refuses(['migrate'], /The session is read-only \(default_transaction_read_only\)/)
    for (const [command, exitCode] of [
      ['check', 1],
      ['plan', 0],
      ['verify', 1],
    ] as const)
      assert.equal((await run(command)).exitCode, exitCode, command)
    assert.equal(await hasJournal(), false)
    await workspace.database.query(
      `BEGIN READ WRITE; ALTER DATABASE "${name}" RESET default_transaction_read_only; COMMIT`,
    )
  }).timeout(600_000)

  it('an unknown remote database is not written to without a word, and one that was said is', async () => {
    const refused = await run('migrate', '--yes', '--url', remoteUrl())
    assert.equal(refused.exitCode, 2)
    assert.match(refused.text, /is a remote database whose environment is not set/)
    assert.equal((await run('check', '--url', remoteUrl())).exitCode, 1)
    // Also where the environment names the host, or where a line break hides it from one parser.
    const { username, password, port, pathname } = new URL(remoteUrl())
    const withoutHost = `postgresql://${username}:${password}@${pathname}`
    const besideHost = await commandLine(['migrate', '--yes', '--url', withoutHost], {
      folder: workspace.folder,
      environment: { ...environment(), PGHOST: '127.1', PGPORT: port },
    })
    assert.equal(besideHost.exitCode, 2)
    assert.match(besideHost.stderr, /on 127\.1:\d+ is a remote database whose environment is not set/)
    const hidden = await run('migrate', '--yes', '--url', `${remoteUrl()}?ho\nst=localhost&host=127.1`)
    assert.equal(hidden.exitCode, 2)
    assert.match(hidden.text, /It contains a line break or another control character/)
    assert.equal(await hasJournal(), false)
    const said = ['--yes', '--url', remoteUrl(), '--environment', 'staging']
    assert.equal((await run('migrate', ...said)).exitCode, 0)
    assert.equal((await run('rollback', ...said)).exitCode, 0)
  }).timeout(600_000)

  it('a person is asked once what it is, types its name, and is held to it through a tunnel, too', async function () {
    if (!hasPseudoTerminal()) this.skip()
    const { name } = workspace.database
    const answers = ['3\n', '1\n', 'app\n', `${name}\n`]
    let asked = 0
    const typed = await onPseudoTerminal(['migrate', '--url', remoteUrl()], {
      folder: workspace.folder,
      environment: environment(),
      columns: 200,
      type: (screen) => {
        const prompts = [...screen.matchAll(/(?:Number|Name), or Enter to cancel: /g)].length
        if (prompts === asked) return null
        asked = prompts
        return answers[asked - 1] ?? '\n'
      },
    })
    assert.equal(typed.exitCode, 0, typed.text)
    assert.match(typed.text, /Which environment is \S+ on 127\.1:\d+ \(remote\)\?/)
    assert.match(typed.text, /\(production\)\?/)
    assert.equal(asked, 4)
    // By another name, the same server: without a question, and without a way around it.
    const tunnel = await run('rollback', '--yes')
    assert.equal(tunnel.exitCode, 2, tunnel.text)
    assert.match(tunnel.text, /127\.0\.0\.1:\d+ \(production\)\?/)
    const file = path.join(config, 'prisma-audit', 'databases.json')
    fs.chmodSync(file, 0o666)
    assert.match(
      (await run('rollback', '--yes')).text,
      /databases\.json belongs to another user, or others can write to it/,
    )
    fs.chmodSync(file, 0o600)
    fs.writeFileSync(file, '{')
    assert.match((await run('rollback', '--yes')).text, /databases\.json is not valid/)
    fs.rmSync(file)
    assert.equal((await run('rollback', '--yes')).exitCode, 0)
  }).timeout(600_000)
})
