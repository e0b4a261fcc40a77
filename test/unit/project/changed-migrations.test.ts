import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { findBase } from '../../../action/src/base-commit'
import { Secrets } from '../../../server/src/database/secrets'
import { changedMigrations } from '../../../server/src/project/changed-migrations'
import { openProject } from '../../../server/src/project/open-project'

const FIRST = 'app/prisma/migrations/20260101000000_init/migration.sql'
const SECOND = 'app/prisma/migrations/20260102000000_posts/migration.sql'
const NEW = 'app/prisma/migrations/20260201000000_tag/migration.sql'

describe('the migrations that an event changes', function () {
  this.timeout(600_000)
  let folder: string
  let repository: string
  let base: string

  before(() => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-changed-')))
    repository = path.join(folder, 'origin')
    write(FIRST, 'CREATE TABLE "User" (\n  "id" INTEGER\n);\n')
    write('app/prisma/schema.prisma', 'model User {\n  id Int @id\n}\n')
    write(SECOND, 'CREATE TABLE "Post" (\n  "id" INTEGER\n);\n')
    git('init', '-q', '-b', 'main')
    git('config', 'uploadpack.allowAnySHA1InWant', 'true')
    base = commit()
  })
  after(() => {
    fs.rmSync(folder, { recursive: true, force: true })
  })
  beforeEach(() => {
    git('checkout', '-q', '-f', '-B', 'change', base)
  })

  function write(file: string, text: string): void {
    fs.mkdirSync(path.join(repository, path.dirname(file)), { recursive: true })
    fs.writeFileSync(path.join(repository, file), text)
  }

  function read(file: string): string {
    return fs.readFileSync(path.join(repository, file), 'utf8')
  }

  function move(from: string, to: string): void {
    fs.renameSync(path.join(repository, from), path.join(repository, to))
  }

  function gitIn(where: string, ...words: string[]): string {
    const settings = ['user.name=test', 'user.email=test@example.org', 'commit.gpgsign=false', 'core.autocrlf=false']
    const { status, stdout, stderr } = spawnSync('git', [...settings.flatMap((each) => ['-c', each]), ...words], {
      cwd: where,
      encoding: 'utf8',
    })
    assert.equal(status, 0, stderr)
    return stdout.trim()
  }

  const git = (...words: string[]): string => gitIn(repository, ...words)

  function commit(): string {
    git('add', '-A')
    git('commit', '-q', '--allow-empty', '-m', 'a change')
    return git('rev-parse', 'HEAD')
  }

  /** What is said of the checkout's project, with paths relative to the checkout. */
  async function changesFor(
    event: object,
    { checkout = repository, app = 'app', schema }: { checkout?: string; app?: string; schema?: string } = {},
  ) {
    const file = path.join(folder, 'event.json')
    fs.writeFileSync(file, JSON.stringify(event))
    const base = findBase(
      { folder: path.join(checkout, app), workspace: checkout },
      { ...process.env, GITHUB_EVENT_PATH: file },
    )
    if (base === null) return null
    if ('problem' in base) return base.problem
    const project = openProject({
      folder: path.join(checkout, app),
      schemaPath: path.join(checkout, schema ?? `${app}/prisma`, 'schema.prisma'),
      policyPath: null,
      url: null,
      environment: process.env,
      secrets: new Secrets(),
    })
    try {
      const found = await changedMigrations(project, base.commit)
      const shown = (name: string) => path.relative(checkout, name).split(path.sep).join('/')
      return {
        added: found.added.map(shown),
        changed: found.changed.map(({ file: name, message }) => `${shown(name)}: ${message.split(/[,.]/)[0] ?? ''}`),
      }
    } finally {
      await project.close()
    }
  }

  async function problemOf(changes: ReturnType<typeof changesFor>): Promise<string> {
    return JSON.stringify(await changes)
  }

  const pullRequest = (from = base) => ({
    pull_request: { base: { sha: from }, head: { sha: git('rev-parse', 'HEAD') } },
  })

  it('names what is new, edited, deleted and renamed, whatever the folder is called', async () => {
    write(NEW, 'SELECT 1;\n')
    write(FIRST, `-- why\n${read(FIRST)}`)
    move(path.dirname(SECOND), 'app/prisma/migrations/20260103000000_posts')
    commit()
    assert.deepEqual(await changesFor(pullRequest()), {
      added: [NEW],
      changed: [
        `${FIRST}: This existing migration was edited`,
        'app/prisma/migrations/20260103000000_posts/migration.sql: This migration was renamed from 20260102000000_posts',
      ],
    })
    fs.rmSync(path.join(repository, path.dirname(FIRST)), { recursive: true })
    write('app/prisma/migrations/20260202000000_a "b"\nc/migration.sql', 'SELECT 2;\n')
    commit()
    const linked = 'app/prisma/migrations/20260203000000_linked/migration.sql'
    write(linked, '')
    fs.rmSync(path.join(repository, linked))
    fs.symlinkSync('/etc/passwd', path.join(repository, linked))
    commit()
    const { added, changed } = (await changesFor(pullRequest())) as { added: string[]; changed: string[] }
    assert.equal(changed[0], `${FIRST}: This existing migration was deleted`)
    assert.equal(changed.at(-1), `${linked}: This new migration is a link to another file`)
    assert.deepEqual(added, [NEW, 'app/prisma/migrations/20260202000000_a "b"\nc/migration.sql'])
  })

  it('names them where names ignore case, however the configuration spells the folder', async () => {
    // As on macOS and Windows: the other spelling leads to the same folder.
    const other = path.join(repository, 'app/Prisma')
    if (!fs.existsSync(other)) fs.symlinkSync('prisma', other, 'dir')
    write('app/prisma.config.ts', 'export default { migrations: { path: "./Prisma/migrations" } }')
    const from = commit()
    write(NEW, 'SELECT 1;\n')
    write(FIRST, `-- why\n${read(FIRST)}`)
    commit()
    assert.deepEqual(await changesFor(pullRequest(from)), {
      added: [NEW],
      changed: [`${FIRST}: This existing migration was edited`],
    })
  })

  it('takes no offence at line endings, and at a schema or project that moves', async () => {
    write(FIRST, read(FIRST).replaceAll('\n', '\r\n'))
    commit()
    const nothing = { added: [], changed: [] }
    assert.deepEqual(await changesFor(pullRequest()), nothing)
    git('checkout', '-q', '-f', '-B', 'change', base)
    move('app', 'my bäckend')
    write('elsewhere/README.md', '')
    commit()
    assert.deepEqual(await changesFor(pullRequest(), { app: 'my bäckend' }), nothing)
    assert.deepEqual(await changesFor(pullRequest(), { app: 'elsewhere', schema: 'my bäckend/prisma' }), nothing)
  })

  it('finds what is deleted while the schema moves, and while all is squashed into one', async () => {
    const deleted = [`${SECOND}: This existing migration was deleted`]
    move('app/prisma', 'app/db')
    fs.rmSync(path.join(repository, 'app/db/migrations/20260102000000_posts'), { recursive: true })
    commit()
    assert.deepEqual(await changesFor(pullRequest(), { schema: 'app/db' }), { added: [], changed: deleted })
    const squashed = 'app/db/migrations/20260301000000_squashed/migration.sql'
    move('app/db/migrations/20260101000000_init', path.dirname(squashed))
    write(squashed, 'CREATE TABLE "User" ("id" BIGINT);\n')
    commit()
    assert.deepEqual(await changesFor(pullRequest(), { schema: 'app/db' }), {
      added: [squashed],
      changed: [`${FIRST}: This existing migration was deleted`, ...deleted],
    })
  })

  it('finds what stays behind or is put away when Prisma looks elsewhere', async () => {
    const config = (folder: string) =>
      write('app/prisma.config.ts', `export default { migrations: { path: 'prisma/${folder}' } }\n`)
    const left = 'This existing migration is not in the folder where Prisma now looks for migrations'
    const squashed = 'app/prisma/other/20260301000000_squashed/migration.sql'
    config('other')
    write(squashed, 'CREATE TABLE "User" ("id" BIGINT);\n')
    commit()
    const isLeft = { added: [squashed], changed: [`${FIRST}: ${left}`, `${SECOND}: ${left}`] }
    assert.deepEqual(await changesFor(pullRequest()), isLeft)
    // Also if the folder was there before, and with a copy of the same text or of another.
    const prepared = git('rev-parse', 'HEAD')
    fs.rmSync(path.join(repository, 'app/prisma.config.ts'))
    const before = commit()
    git('checkout', '-q', prepared, '--', '.')
    const [copy, edited] = [FIRST, SECOND].map((file) => file.replace('/migrations/', '/other/'))
    write(copy ?? '', read(FIRST).replaceAll('\n', '\r\n'))
    write(edited ?? '', 'SELECT 1;\n')
    commit()
    assert.deepEqual(await changesFor(pullRequest(before)), {
      added: [],
      changed: [`${edited}: This existing migration was edited`],
    })
    // Put away, under its name or another.
    git('checkout', '-q', '-f', '-B', 'change', base)
    write(NEW, 'SELECT 1;\n')
    move(path.dirname(FIRST), 'app/archive')
    fs.mkdirSync(path.join(repository, 'app/old'))
    move(path.dirname(SECOND), 'app/old/20260102000000_posts')
    commit()
    assert.deepEqual(await changesFor(pullRequest()), {
      added: [NEW],
      changed: [FIRST, SECOND].map((file) => `${file}: This existing migration was deleted`),
    })
  })

  it('looks at one project of a repository, in a folder of its own or not', async () => {
    write('apple/prisma/migrations/1_a/migration.sql', 'SELECT 1;\n')
    write('app/prisma/second/schema.prisma', 'model Other {\n  id Int @id\n}\n')
    write('app/prisma/second/migrations/1_b/migration.sql', 'SELECT 1;\n')
    write(NEW, 'SELECT 1;\n')
    commit()
    assert.deepEqual(await changesFor(pullRequest()), { added: [NEW], changed: [] })
    assert.deepEqual(await changesFor(pullRequest(), { schema: 'app/prisma/second' }), {
      added: ['app/prisma/second/migrations/1_b/migration.sql'],
      changed: [],
    })
  })

  it('does not blame a pull request for what its base has learnt since', async () => {
    write(NEW, 'SELECT 1;\n')
    const head = commit()
    const mine = { added: [NEW], changed: [] }
    git('checkout', '-q', '-B', 'newer', base)
    write('app/prisma/migrations/20260115000000_other/migration.sql', 'SELECT 2;\n')
    const newer = commit()
    git('checkout', '-q', 'change')
    assert.deepEqual(await changesFor(pullRequest(newer)), mine)
    // The head alone, as a shallow checkout has it: both histories are fetched as far as they have to be.
    const event = { pull_request: { base: { sha: newer }, head: { sha: head } } }
    assert.deepEqual(await changesFor(event, { checkout: checkOut('head', head) }), mine)
    // As GitHub checks a pull request out: merged into a base that is newer than that of the event, without its
    // history.
    git('checkout', '-q', '--detach', newer)
    git('merge', '-q', '--no-ff', '-m', 'merged', head)
    git('update-ref', 'refs/pull/7/merge', 'HEAD')
    const older = { pull_request: { base: { sha: base }, head: { sha: head } } }
    assert.deepEqual(await changesFor(older, { checkout: checkOut('shallow', 'refs/pull/7/merge') }), mine)
    // Where nothing can be fetched, nobody knows what both have in common.
    const alone = checkOut('alone', head)
    gitIn(alone, 'fetch', '-q', '--depth=1', 'origin', newer)
    gitIn(alone, 'remote', 'remove', 'origin')
    assert.match(await problemOf(changesFor(event, { checkout: alone })), /not checked, because .*fetch-depth: 0/)
  })

  function checkOut(name: string, what: string): string {
    const where = path.join(folder, name)
    fs.mkdirSync(where)
    gitIn(where, 'init', '-q')
    gitIn(where, 'remote', 'add', 'origin', `file://${repository}`)
    gitIn(where, 'fetch', '-q', '--depth=1', 'origin', what)
    gitIn(where, 'checkout', '-q', 'FETCH_HEAD')
    return where
  }

  it('knows pushes, new branches and merge queues, and has nothing to say of a schedule', async () => {
    write(NEW, 'SELECT 1;\n')
    const head = commit()
    git('update-ref', 'refs/remotes/origin/trunk', base)
    const created = { before: '0'.repeat(40), repository: { default_branch: 'trunk' } }
    for (const event of [{ before: base }, created, { merge_group: { base_sha: base } }]) {
      assert.deepEqual(await changesFor(event), { added: [NEW], changed: [] }, JSON.stringify(event))
    }
    // A new branch in a shallow checkout, which knows no other branch.
    git('branch', '-f', 'trunk', base)
    const shallow = checkOut('branch', head)
    assert.deepEqual(await changesFor(created, { checkout: shallow }), { added: [NEW], changed: [] })
    for (const event of [
      { schedule: '0 5 * * 1' },
      { ...created, ref: 'refs/heads/trunk' },
      { before: base, ref: 'refs/tags/v1' },
    ]) {
      assert.equal(await changesFor(event), null, JSON.stringify(event))
    }
    assert.match(await problemOf(changesFor({ before: 'a'.repeat(40) })), /base commit is not in this checkout/)
    assert.match(
      await problemOf(changesFor({ ...created, repository: { default_branch: 'none' } })),
      /not in this checkout/,
    )
    assert.match(await problemOf(changesFor({ before: '--output=/tmp/x' })), /not in this checkout/)
  })

  it('says where there is no repository', async () => {
    const checkout = fs.mkdtempSync(path.join(folder, 'plain-'))
    fs.mkdirSync(path.join(checkout, 'app'))
    assert.match(await problemOf(changesFor(pullRequest(), { checkout })), /not a Git repository/)
  })
})
