import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { CHECK_FORMATS, LINT_FORMATS, PLAN_FORMATS, VERIFY_FORMATS } from '../../server/src/terminal/output-formats'
import { quoteLiteral } from '../../server/src/database/quote'
import { startHostileServer } from '../support/hostile-server'
import { commandLine, type CommandLineResult } from '../support/command-line'
import { fileName, HOSTILE_STRUCTURE, id, layOutHostileProject, name } from '../support/hostile-project'
import { assertHarmless, HOSTILE } from '../support/hostile-text'
import { usePostgres, type TestDatabase } from '../support/postgres'

describe('a database and a repository whose names are attacks', function () {
  this.timeout(600_000)
  const postgres = usePostgres()
  let database: TestDatabase
  let folder: string

  before(async () => {
    folder = layOutHostileProject()
    database = await postgres.createDatabase({
      sql: HOSTILE_STRUCTURE,
      // pg's reader of URLs leaves %3A and %2F as they are.
      name: name('d').replace(/[:/]/g, ''),
    })
    fs.writeFileSync(path.join(folder, `${fileName('l')}.sql`), `DROP TABLE ${id('t')};\nSELECT ${id('?')} FROM;\n`)
  })
  after(async () => {
    await database.drop()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  async function run(...words: string[]): Promise<CommandLineResult> {
    const schema = path.join(folder, 'prisma', 'schema')
    const named = ['--schema', schema, '--url', database.url]
    return await commandLine([...words, ...named], { folder })
  }

  async function harmless(words: readonly string[], exitCode: number): Promise<CommandLineResult> {
    const result = await run(...words)
    assert.equal(result.exitCode, exitCode, result.stdout + result.stderr)
    assertHarmless(result.stdout)
    assertHarmless(result.stderr)
    return result
  }

  it('are shown by check, plan, lint, in every format', async () => {
    const { stdout } = await harmless(['check'], 1)
    assert.match(stdout, /t\\u\{1b\}\[2J\\r\\nNo findings: ok\\u\{202e\}/)
    const findings = stdout.split('\n\n')[0]!.split('\n')
    for (const line of findings) assert.match(line, /^prisma\/schema\/.*\.prisma:\d+:\d+ {2}\w+ {2}[\w-]+ {2}/)

    const json = JSON.parse((await harmless(['check', '--format', 'json'], 1)).stdout) as {
      findings: { table: string }[]
    }
    assert.equal(json.findings.length, findings.length)
    assert.ok(
      json.findings.some(({ table }) => table === name('t')),
      'JSON gives names as they are',
    )
    const reports = CHECK_FORMATS.flatMap((format) => ['--report', `${format}=report.${format}`])
    await harmless(['check', ...reports], 1)
    for (const format of CHECK_FORMATS) {
      const report = fs.readFileSync(path.join(folder, `report.${format}`), 'utf8')
      assertHarmless(report)
      assert.match(report, /\{1b\}|\\u001b/, format)
    }
    const sarif = fs.readFileSync(path.join(folder, 'report.sarif'), 'utf8')
    assert.doesNotMatch(
      (JSON.parse(sarif) as { runs: { results: unknown[] }[] }).runs[0]!.results.map((result) =>
        JSON.stringify(result),
      ).join(),
      /[^\\]\]\(/,
    )

    const plan = (await harmless(['plan'], 0)).stdout
    assert.doesNotMatch(plan.replace(/```sql[^]*?\n`{3,}/g, ''), /[^\\]\]\(|[^\\]<b>/)
    for (const format of PLAN_FORMATS) if (!format.endsWith('sql')) await harmless(['plan', '--format', format], 0)
    const script = (await run('plan', '--format', 'sql')).stdout
    assert.ok(script.includes(id('t')), 'SQL is exact')
    // Names stand whole in identifiers and texts, and cut at 63 bytes in the identifiers that we derive.
    const rest = script.replaceAll(name('t'), '').replace(/"(?:[^"]|"")*"/g, '""')
    assert.doesNotMatch(rest, /^No findings/m, 'no comment ends early')
    const lintReports = LINT_FORMATS.flatMap((format) => ['--report', `${format}=lint.${format}`])
    await harmless(['lint', path.join(folder, `${fileName('l')}.sql`), ...lintReports], 1)
    for (const format of LINT_FORMATS) assertHarmless(fs.readFileSync(path.join(folder, `lint.${format}`), 'utf8'))
  })

  it('and by a rehearsal, a migration, its proof and its rollback', async () => {
    await harmless(['plan', '--rehearse'], 0)
    const { stdout } = await harmless(['migrate', '--yes'], 0)
    assert.match(stdout, /^ {2}done {5}Add column "t\\u\{1b\}/m)
    for (const format of VERIFY_FORMATS) await harmless(['verify', '--format', format], 0)
    assert.match(
      (await harmless(['verify', '--format', 'junit'], 0)).stdout,
      /name="[^"]*t\\u\{1b\}\[2J&#13;&#10;No findings/,
    )
    await harmless(['rollback', '--yes'], 0)
  })

  it('and by what is missing, a backup, its list and its proof, and a restore into a new database', async () => {
    await harmless(['plan', '--drift'], 0)
    const { stdout } = await harmless(['backup', '--format', 'json', '--output', path.join(folder, 'backups')], 0)
    const { path: backup } = JSON.parse(stdout) as { path: string }
    assert.doesNotMatch(backup, /[^\w./-]/)
    await harmless(['backups', '--output', path.join(folder, 'backups')], 0)
    await harmless(['backup', 'verify', backup], 0)
    const restored = await harmless(['restore', backup, '--yes'], 0)
    assert.match(restored.stdout, /Restored into the new database .*ALTER DATABASE .* RENAME TO/s)
    const { stderr } = await harmless(['restore', backup, '--yes', '--over'], 2)
    assert.match(stderr, /Type its name to confirm/)
  })

  it('a question on a terminal is ours alone, and SQL on a terminal is shown', function () {
    const script = spawnSync('script', ['--version'])
    if (script.status !== 0) this.skip()
    const onTerminal = (...words: string[]) => {
      const all = [
        path.join(__BUNDLE_FOLDER__, 'cli.js'),
        ...words,
        '--schema',
        path.join(folder, 'prisma', 'schema'),
        '--url',
        database.url,
      ]
      const quoted = [process.execPath, ...all].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')
      return spawnSync('script', ['-qec', quoted, '/dev/null'], { cwd: folder, encoding: 'utf8', input: '\n' })
    }
    for (const words of [['migrate'], ['plan', '--format', 'sql']]) {
      const { stdout } = onTerminal(...words)
      assert.match(stdout, /\\u\{1b\}\[2J/)
      // The terminal ends lines with \r\n; the progress line and Node's question have sequences of their own.
      // eslint-disable-next-line no-control-regex -- they begin with one
      assertHarmless(stdout.replace(/\r+\n/g, '\n').replace(/\r?\u001b\[(2K|1G|0J|\d+G)|\u001b\[\?2004[hl]/g, ''))
    }
  })

  it('a server says two megabytes of it in the middle of a migration', async () => {
    await database.query(`CREATE FUNCTION boom() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
        IF current_query() LIKE '%ADD COLUMN%' THEN RAISE EXCEPTION '%', repeat(${quoteLiteral(HOSTILE)}, 40000); END IF;
      END $$;
      CREATE EVENT TRIGGER boom ON ddl_command_start EXECUTE FUNCTION boom()`)
    try {
      const { stdout, stderr } = await harmless(['run', '--yes', '--no-backup'], 2)
      assert.ok(stderr.length < 10_000, String(stderr.length))
      assert.match(stderr, /more characters/)
      assert.match(stdout, /Skipped: back up \(by your choice\)/)
    } finally {
      await database.query('DROP EVENT TRIGGER boom; DROP FUNCTION boom()')
      await run('rollback', '--yes')
    }
  })

  it('or instead of letting anyone in, with the password in it, and none of it gets out', async () => {
    const password = 'p@ss.w+rd$(x)*"1'
    const answers = [{ code: '28P01' }, { code: 'XX000' }, { code: 'XX000', afterLogin: true }]
    for (const answer of answers) {
      const message = `${password} ${encodeURIComponent(password)} ${HOSTILE.repeat(40_000)}`
      const server = await startHostileServer({ ...answer, message })
      try {
        const url = `postgresql://app:${encodeURIComponent(password)}@127.0.0.1:${String(server.port)}/shop`
        for (const words of [['check'], ['lint', folder], ['backup', '--output', path.join(folder, 'backups')]]) {
          const { stdout, stderr } = await commandLine([...words, '--url', url], { folder })
          assertHarmless(stdout)
          assertHarmless(stderr)
          assert.ok(stderr.length < 10_000, `${answer.code} ${words.join(' ')}: ${String(stderr.length)}`)
          assert.doesNotMatch(stdout + stderr, /w\+rd|w%2Brd/)
        }
      } finally {
        await server.stop()
      }
    }
  })

  it('a policy, an environment and a command line full of it', async () => {
    const policy = path.join(folder, 'hostile.json')
    fs.writeFileSync(policy, JSON.stringify({ [name('k')]: 1, rules: [{ models: [name('m')], require: [name('r')] }] }))
    for (const words of [
      ['check', '--policy', policy],
      ['plan', '--policy', policy],
    ]) {
      const { stdout, stderr } = await run(...words)
      assertHarmless(stdout)
      assertHarmless(stderr)
    }
    const others = [
      ['check', '--schema', name('nowhere')],
      ['check', '--url', `postgresql://u:secret-1@127.0.0.1:1/${encodeURIComponent(name('d'))}`],
      ['check', '--url', name('not a URL, with://a:secret-1@b')],
      [name('command')],
      ['check', `--${name('option')}`],
      ['restore', name('backup')],
    ]
    for (const words of others) {
      const { stdout, stderr, exitCode } = await commandLine(words, { folder })
      assert.equal(exitCode, 2, stdout + stderr)
      assertHarmless(stdout)
      // Commander repeats what was typed, line breaks and all: they are the typist's own.
      assertHarmless(stderr, words[0] === name('command') || words.length === 2 ? { linesAreOurs: false } : {})
      assert.doesNotMatch(stderr, /secret-1/)
    }
  })
})
