import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'

const SCHEMA = `datasource db {
  provider = "postgresql"
}

model User {
  id    Int    @id @default(autoincrement())
  email String
}
`
const FIRST = 'app/prisma/migrations/20260101000000_init/migration.sql'
const FIRST_SQL = 'CREATE TABLE "User" ("id" SERIAL PRIMARY KEY, "email" TEXT NOT NULL);\n'

interface SarifRun {
  readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } }
  readonly results: readonly {
    readonly ruleId: string
    readonly locations: readonly [
      { readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } } },
    ]
  }[]
}

/** The action as GitHub's runner starts it: inputs in the environment, answers in files and by workflow commands. */
describe('the GitHub action', function () {
  this.timeout(600_000)
  let folder: string
  let repository: string
  let base: string
  let github: http.Server
  let comments: { id: number; body: string; user: { type: string } }[]
  const requests: string[] = []

  before(async () => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-action-')))
    repository = path.join(folder, 'repository')
    write('app/package.json', '{}')
    write('app/prisma/schema.prisma', SCHEMA)
    write(FIRST, FIRST_SQL)
    git('init', '-q', '-b', 'main')
    base = commit()
    comments = [{ id: 1, body: 'Nice! <!-- prisma-audit -->', user: { type: 'User' } }]
    github = http.createServer((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        requests.push(`${request.method} ${request.url}`)
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify(answer(request.method ?? '', request.url ?? '', body)))
      })
    })
    await new Promise<void>((resolve) => github.listen(0, '127.0.0.1', resolve))
  })
  after(() => {
    github.close()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  function answer(method: string, url: string, body: string): unknown {
    if (url.includes('/pulls?'))
      return [
        { number: 6, head: { sha: base } },
        { number: 7, head: { sha: git('rev-parse', 'HEAD') } },
      ]
    if (method === 'GET') return comments
    const text = (JSON.parse(body) as { body: string }).body
    const id = Number(/\/comments\/(\d+)$/.exec(url)?.[1])
    const existing = comments.find((comment) => comment.id === id)
    if (existing !== undefined) existing.body = text
    else comments.push({ id: comments.length + 1, body: text, user: { type: 'Bot' } })
    return {}
  }

  function write(file: string, text: string): void {
    fs.mkdirSync(path.join(repository, path.dirname(file)), { recursive: true })
    fs.writeFileSync(path.join(repository, file), text)
  }

  function git(...words: string[]): string {
    const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgsign=false']
    const { status, stdout, stderr } = spawnSync('git', [...identity, ...words], { cwd: repository, encoding: 'utf8' })
    assert.equal(status, 0, stderr)
    return stdout.trim()
  }

  function commit(): string {
    git('add', '-A')
    git('commit', '-q', '-m', 'a change', '--allow-empty')
    return git('rev-parse', 'HEAD')
  }

  async function runAction(inputs: Record<string, string>, event: object) {
    const runner = fs.mkdtempSync(path.join(folder, 'run-'))
    const file = (name: string, text = '') => {
      fs.writeFileSync(path.join(runner, name), text)
      return path.join(runner, name)
    }
    const given = Object.entries({ 'working-directory': 'app', token: 'token-of-the-job', ...inputs })
    const environment = {
      ...process.env,
      ...Object.fromEntries(given.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
      GITHUB_WORKSPACE: repository,
      GITHUB_REPOSITORY: 'acme/app',
      GITHUB_API_URL: `http://127.0.0.1:${(github.address() as AddressInfo).port}`,
      GITHUB_EVENT_PATH: file('event.json', JSON.stringify(event)),
      GITHUB_STEP_SUMMARY: file('summary.md'),
      GITHUB_OUTPUT: file('output'),
      RUNNER_TEMP: runner,
    }
    const child = spawn(process.execPath, [path.join(__BUNDLE_FOLDER__, 'action', 'index.js')], { env: environment })
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    const exitCode = await new Promise((resolve) => child.once('close', resolve))
    const output = fs.readFileSync(environment.GITHUB_OUTPUT, 'utf8')
    const outputs = Object.fromEntries(
      output.split('\n').map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]),
    )
    return { exitCode, stdout, outputs, summary: fs.readFileSync(environment.GITHUB_STEP_SUMMARY, 'utf8') }
  }

  const pullRequest = () => ({ pull_request: { number: 7, base: { sha: base } } })

  it('passes a pull request in which nothing is wrong, and comments once', async () => {
    write('app/README.md', 'changed')
    commit()
    const { exitCode, stdout, outputs, summary } = await runAction({}, pullRequest())
    assert.equal(exitCode, 0, stdout)
    assert.doesNotMatch(stdout, /::(error|warning)/)
    assert.equal(outputs.errors, '0')
    assert.match(summary, /## Prisma Audit/)
    // Another's comment that holds the mark is left alone.
    assert.deepEqual(
      comments.map(({ id }) => id),
      [1, 2],
    )
    assert.match(comments[1]?.body ?? '', /^<!-- prisma-audit -->\n/)
  })

  it('annotates drift, an edited migration and an unsafe new one, each in its place, and rewrites its comment', async () => {
    write('app/prisma/schema.prisma', SCHEMA.replace('email String', 'email String @unique'))
    write(FIRST, FIRST_SQL.replace('NOT NULL', ''))
    write(
      'app/prisma/migrations/20260201000000_index/migration.sql',
      'CREATE INDEX "by,@octocat #12" ON "User" ("email");\n',
    )
    commit()
    const { exitCode, stdout, outputs, summary } = await runAction({}, pullRequest())
    assert.equal(exitCode, 1)
    assert.match(
      stdout,
      /^::error file=app\/prisma\/migrations\/20260101000000_init\/migration\.sql,line=1,.*title=migration-edited::/m,
    )
    assert.match(
      stdout,
      /^::warning file=app\/prisma\/schema\.prisma,line=7,endLine=7,col=\d+,endColumn=\d+,title=unique-missing::/m,
    )
    assert.match(
      stdout,
      /^::(warning|error) file=app\/prisma\/migrations\/20260201000000_index\/migration\.sql,line=1,/m,
    )
    assert.equal(outputs.errors !== '0', true)
    assert.match(
      stdout,
      /^::group::All findings\n[^]*\nwarning unique-missing app\/prisma\/schema\.prisma:7:16 [^]*\n::endgroup::$/m,
    )
    // All findings in one run of one tool, which is what code scanning takes; with paths from the repository's top.
    const { runs } = JSON.parse(fs.readFileSync(outputs['sarif-file'] ?? '', 'utf8')) as { runs: SarifRun[] }
    assert.equal(runs.length, 1)
    const [{ results, tool } = { results: [], tool: { driver: { rules: [] } } }] = runs
    const places = results.map(({ ruleId, locations: [place] }) => [
      ruleId,
      place.physicalLocation.artifactLocation.uri,
    ])
    for (const [code, file] of [
      ['unique-missing', 'app/prisma/schema.prisma'],
      ['migration-edited', FIRST],
      ['index-not-concurrent', 'app/prisma/migrations/20260201000000_index/migration.sql'],
    ]) {
      assert.ok(
        places.some(([ruleId, uri]) => ruleId === code && uri === file),
        `${code}: ${JSON.stringify(places)}`,
      )
      assert.ok(tool.driver.rules.some(({ id }) => id === code))
    }
    const junit = fs.readFileSync(outputs['junit-file'] ?? '', 'utf8')
    assert.match(junit, /<testsuites>[^]*"prisma-audit check"[^]*<failure[^]*"prisma-audit lint"[^]*migration-edited/)
    assert.match(
      summary,
      /❌ \*\*1 error, \d+ warnings, 1 information, 1 hint\*\*[^]*### Migrations[^]*`migration-edited`[^]*### Schema/,
    )
    assert.match(summary, /Use CREATE INDEX CONCURRENTLY/)
    // Neither a mention nor a reference.
    assert.match(summary, /@\u200boctocat \\#\u200b12/)
    assert.doesNotMatch(summary, /@octocat|#12/)
    assert.equal(comments.length, 2)
    assert.match(comments[1]?.body ?? '', /migration-edited/)
  })

  it('says what could not be checked, and fails', async () => {
    write(
      'app/prisma/migrations/20260301000000_bad/migration.sql',
      'SELECT * FROM "missing_%_table"; -- \n::error::forged\n',
    )
    commit()
    const unknown = { pull_request: { base: { sha: 'a'.repeat(40) } } }
    const { exitCode, stdout, outputs } = await runAction({ 'fail-on': 'none', comment: 'false' }, unknown)
    assert.equal(exitCode, 1)
    assert.match(stdout, /^::error title=base-commit-missing::.* not checked, because .*fetch-depth: 0/m)
    assert.match(
      stdout,
      /::error file=app\/prisma\/migrations\/20260301000000_bad\/migration\.sql,line=2,.*title=replay-failed::The migration .*%0Asyntax error at or near "::"\.%0AFix the migration\.$/m,
    )
    assert.doesNotMatch(stdout, /^::error::forged/m)
    assert.equal(outputs['sarif-file'], '')
    // What lint names is said once, with what follows from it.
    const named = await runAction({ 'fail-on': 'none', comment: 'false' }, pullRequest())
    assert.equal(named.exitCode, 1)
    assert.match(
      named.stdout,
      /^::error .*line=2,.*title=sql-syntax::.*at or near "::"\.%0A.*the schema was not compared\.$/m,
    )
    assert.doesNotMatch(named.stdout + named.summary, /replay-failed/)
    const misspelled = await runAction({ 'fail-on': 'warn' }, {})
    assert.equal(misspelled.exitCode, 1)
    assert.match(misspelled.stdout, /The input fail-on is "warn"/)
    const nowhere = await runAction({ 'working-directory': 'nowhere' }, {})
    assert.match(nowhere.stdout, /::error .*working-directory is ".*nowhere", which does not exist/)
    // Git would only say that it is no repository, or has not the commit.
    const elsewhere = fs.realpathSync.native(fs.mkdtempSync(path.join(folder, 'elsewhere-')))
    fs.cpSync(path.join(repository, 'app/prisma/schema.prisma'), path.join(elsewhere, 'prisma/schema.prisma'))
    const outside = await runAction({ 'working-directory': elsewhere, comment: 'false' }, pullRequest())
    assert.equal(outside.exitCode, 1)
    assert.match(
      outside.stdout,
      /title=base-commit-missing::.* working-directory is ".*elsewhere-\w+", outside of ".*", where .*: use a folder in the repository/,
    )
    assert.doesNotMatch(outside.stdout, /not a Git repository|fetch-depth/)
  })

  it('posts the text of an unprivileged run for the commit that ran, whatever pull request that run names', async () => {
    const text = path.join(folder, 'comment.md')
    fs.writeFileSync(text, 'from an artifact, for @octocat <!-- and more -->')
    const run = { head_branch: 'fix&head=x', head_repository: { owner: { login: 'stranger' } } }
    const event = { workflow_run: { ...run, head_sha: git('rev-parse', 'HEAD'), pull_requests: [{ number: 99 }] } }
    const { exitCode, stdout } = await runAction({ 'comment-file': text }, event)
    assert.equal(exitCode, 0, stdout)
    assert.equal(
      comments[1]?.body,
      '<!-- prisma-audit -->\n\nfrom an artifact, for @\u200boctocat <\u200b!-- and more -->\n\n' +
        'This text is from a run of the pull request, whose code can change it.\n',
    )
    assert.ok(
      requests.some((request) => request.includes('/pulls?') && request.endsWith('head=stranger%3Afix%26head%3Dx')),
    )
    assert.ok(requests.every((request) => !request.includes('/99/')))
    // One that was pushed to again, and one whose fork is gone.
    for (const late of [
      { ...run, head_sha: 'f'.repeat(40) },
      { ...run, head_sha: git('rev-parse', 'HEAD'), head_repository: null },
    ]) {
      const unposted = await runAction({ 'comment-file': text }, { workflow_run: late })
      assert.deepEqual([unposted.exitCode, /^::notice .*Nothing to comment on/.test(unposted.stdout)], [0, true])
    }
    // The artifact is a stranger's, too.
    const secret = path.join(folder, 'secret')
    fs.writeFileSync(secret, 'a secret of the job')
    for (const [link, target] of [
      ['comment.md', secret],
      ['artifact', folder],
    ] as const) {
      fs.symlinkSync(target, path.join(repository, link))
      const inputs = { 'comment-file': link === 'artifact' ? 'artifact/comment.md' : link }
      const linked = await runAction(inputs, event)
      assert.equal(linked.exitCode, 1)
      assert.match(linked.stdout, /is not a regular file/)
    }
    assert.match(comments[1].body, /from an artifact/)
  })

  it('fails where a pull request deletes all migrations, also without lint, or the policy', async () => {
    const projects = ['app', 'other']
    for (const project of projects) write(`${project}/prisma-audit.json`, '{ "rules": [] }')
    base = commit()
    fs.rmSync(path.join(repository, 'app', 'prisma', 'migrations'), { recursive: true })
    for (const project of projects) fs.rmSync(path.join(repository, project, 'prisma-audit.json'))
    commit()
    const { exitCode, stdout, summary } = await runAction({ lint: 'false', comment: 'false' }, pullRequest())
    assert.equal(exitCode, 1)
    // Each is in the comment, too, whatever its file.
    for (const code of ['policy-deleted', 'migration-edited', 'database-not-compared'])
      assert.ok(summary.includes(`| \`${code}\` |`), summary)
    assert.match(stdout, /^::notice .*title=database-not-compared::/m)
    assert.match(stdout, /^::\w+ .*title=migration-edited::.*deleted/m)
    // Of this project alone.
    assert.deepEqual(stdout.match(/^::warning .*title=policy-deleted/gm), [
      '::warning file=app/prisma-audit.json,line=1,endLine=1,col=1,endColumn=1,title=policy-deleted',
    ])
  })

  it('notes for the reviewer what a pull request no longer requires, or adds to the baseline', async () => {
    const finding = (field: string) => ({ code: 'column-missing', model: 'User', field })
    const baseline = (...fields: string[]) =>
      JSON.stringify({ formatVersion: 1, findings: fields.map((field) => finding(field)) })
    git('checkout', '-q', '-f', '--detach', base)
    write('app/prisma-audit.json', '{ "rules": [{ "models": ["*"], "require": ["updatedAt"] }] }')
    write('app/prisma-audit.baseline.json', baseline('a'))
    base = commit()
    write('app/prisma-audit.json', '{ "rules": [] }')
    write('app/prisma-audit.baseline.json', baseline('a', 'b', 'c'))
    commit()
    const noted = await runAction({ comment: 'false' }, pullRequest())
    assert.match(
      noted.stdout,
      /^::notice file=app\/prisma-audit\.json,.*title=policy-edited::.*review what it requires/m,
    )
    assert.match(
      noted.stdout,
      /^::notice file=app\/prisma-audit\.baseline\.json,.*title=baseline-extended::2 findings were added/m,
    )
    assert.match(noted.summary, /\| `policy-edited` \|[^]*\| `baseline-extended` \|/)
    // What is taken out of it needs no review.
    base = git('rev-parse', 'HEAD')
    write('app/prisma-audit.baseline.json', baseline('a'))
    commit()
    assert.doesNotMatch(
      (await runAction({ comment: 'false' }, pullRequest())).stdout,
      /baseline-extended|policy-edited/,
    )
  })

  it('notes a new migration that is dated before an existing one, and no other', async () => {
    const table = (name: string) => `CREATE TABLE "${name}" ("id" INTEGER PRIMARY KEY);\n`
    const add = (name: string) => write(`app/prisma/migrations/${name}/migration.sql`, table(name.slice(-1)))
    const notesOf = (stdout: string) =>
      [...stdout.matchAll(/^::(\w+) file=(\S+),line=1,.*title=migration-out-of-order::(.*)/gm)].map(
        ([, ...words]) => words,
      )
    git('checkout', '-q', '-f', '--detach', base)
    fs.rmSync(path.join(repository, 'app/prisma/migrations/20260301000000_bad'), { recursive: true, force: true })
    add('20260601000000_a')
    base = commit()
    add('20260701000000_b')
    commit()
    assert.deepEqual(notesOf((await runAction({ comment: 'false' }, pullRequest())).stdout), [])
    add('20260501000000_c')
    write('app/prisma/migrations/20260801000000_role/migration.sql', 'GRANT SELECT ON "a" TO nobody;\n')
    // Another project's migrations say nothing about this one's.
    write('other/prisma/migrations/20270101000000_d/migration.sql', table('d'))
    commit()
    const { stdout, summary } = await runAction({ comment: 'false' }, pullRequest())
    const [[kind, file, message] = [], ...more] = notesOf(stdout)
    assert.deepEqual([kind, file, more], ['notice', 'app/prisma/migrations/20260501000000_c/migration.sql', []])
    assert.match(message ?? '', /before the existing 20260601000000_a, which may already be applied/)
    assert.match(summary, /\| `migration-out-of-order` \|/)
    // A server's message becomes a sentence, and the next step speaks of inputs.
    assert.match(summary, /role "nobody" does not exist\. If .*the input database-url/)
  })
})
