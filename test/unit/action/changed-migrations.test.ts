import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { changedMigrations } from '../../../action/src/changed-migrations'

const FIRST = 'app/prisma/migrations/20260101000000_init/migration.sql'
const SECOND = 'app/prisma/migrations/20260102000000_posts/migration.sql'
const NEW = 'app/prisma/migrations/20260201000000_tag/migration.sql'

describe('the migrations that an event changes', function () {
  this.timeout(60_000)
  let folder: string
  let repository: string
  let base: string

  before(() => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-changed-')))
    repository = path.join(folder, 'origin')
    write(FIRST, 'CREATE TABLE "User" (\n  "id" INTEGER\n);\n')
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

  /** What is said of the checkout, with paths relative to it. */
  function changesFor(event: object, { checkout = repository, folders = ['app'] } = {}) {
    const file = path.join(folder, 'event.json')
    fs.writeFileSync(file, JSON.stringify(event))
    const found = changedMigrations(
      folders.map((each) => path.join(checkout, each)),
      { GITHUB_EVENT_PATH: file },
    )
    const shown = (name: string) => path.relative(checkout, name).split(path.sep).join('/')
    return {
      added: found.added.map(shown),
      changed: found.changed.map(({ file: name, message }) => `${shown(name)}: ${message.split(/[,.]/)[0] ?? ''}`),
      note: found.note,
    }
  }

  const pullRequest = (from = base) => ({
    pull_request: { base: { sha: from }, head: { sha: git('rev-parse', 'HEAD') } },
  })

  it('names what is new, edited, deleted and renamed', () => {
    write(NEW, 'SELECT 1;\n')
    write(FIRST, `-- why\n${read(FIRST)}`)
    move(path.dirname(SECOND), 'app/prisma/migrations/20260103000000_posts')
    commit()
    assert.deepEqual(changesFor(pullRequest()), {
      added: [NEW],
      changed: [
        `${FIRST}: This migration was there before`,
        'app/prisma/migrations/20260103000000_posts/migration.sql: This migration was called 20260102000000_posts before',
      ],
      note: null,
    })
    fs.rmSync(path.join(repository, path.dirname(FIRST)), { recursive: true })
    commit()
    assert.equal(changesFor(pullRequest()).changed[0], `${FIRST}: This migration was there before and is deleted`)
  })

  it('takes no offence at line endings, and at a project that moves as a whole', () => {
    write(FIRST, read(FIRST).replaceAll('\n', '\r\n'))
    commit()
    assert.deepEqual(changesFor(pullRequest()).changed, [])
    git('checkout', '-q', '-f', '-B', 'change', base)
    move('app', 'my bäckend')
    write('elsewhere/README.md', '')
    commit()
    for (const folders of [['my bäckend'], ['elsewhere', 'my bäckend/prisma']]) {
      assert.deepEqual(changesFor(pullRequest(), { folders }), { added: [], changed: [], note: null })
    }
  })

  it('looks at one project of a repository', () => {
    write('apple/prisma/migrations/1_a/migration.sql', 'SELECT 1;\n')
    write(NEW, 'SELECT 1;\n')
    commit()
    assert.deepEqual(changesFor(pullRequest()).added, [NEW])
  })

  it('does not blame a pull request for what its base has learnt since', () => {
    write(NEW, 'SELECT 1;\n')
    const head = commit()
    git('checkout', '-q', '-B', 'newer', base)
    write('app/prisma/migrations/20260115000000_other/migration.sql', 'SELECT 2;\n')
    const newer = commit()
    git('checkout', '-q', 'change')
    assert.deepEqual(changesFor(pullRequest(newer)), { added: [NEW], changed: [], note: null })
    // As GitHub checks a pull request out: merged into a base that is newer than that of the event, without its history.
    git('checkout', '-q', '--detach', newer)
    git('merge', '-q', '--no-ff', '-m', 'merged', head)
    git('update-ref', 'refs/pull/7/merge', 'HEAD')
    const event = { pull_request: { base: { sha: base }, head: { sha: head } } }
    const shallow = checkOut('shallow', 'refs/pull/7/merge')
    assert.deepEqual(changesFor(event, { checkout: shallow }), { added: [NEW], changed: [], note: null })
    // Where the head alone is checked out, nobody knows what both have in common.
    const { added, note } = changesFor(pullRequest(newer), { checkout: checkOut('head', head) })
    assert.deepEqual(added, [])
    assert.match(note ?? '', /fetch-depth: 0/)
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

  it('knows pushes, new branches and merge queues, and has nothing to say of a schedule', () => {
    write(NEW, 'SELECT 1;\n')
    commit()
    git('update-ref', 'refs/remotes/origin/trunk', base)
    const events = [
      { before: base },
      { before: '0'.repeat(40), repository: { default_branch: 'trunk' } },
      { merge_group: { base_sha: base } },
    ]
    for (const event of events) assert.deepEqual(changesFor(event).added, [NEW], JSON.stringify(event))
    const nothing = { added: [], changed: [], note: null }
    assert.deepEqual(changesFor({ schedule: '0 5 * * 1' }), nothing)
    assert.deepEqual(changesFor({ before: '0'.repeat(40), repository: { default_branch: 'none' } }), nothing)
    assert.match(changesFor({ before: 'a'.repeat(40) }).note ?? '', /base commit is not in this checkout/)
    assert.deepEqual(changesFor({ before: '--output=/tmp/x' }), nothing)
  })

  it('says where there is no repository', () => {
    const checkout = fs.mkdtempSync(path.join(folder, 'plain-'))
    fs.mkdirSync(path.join(checkout, 'app'))
    assert.match(changesFor(pullRequest(), { checkout }).note ?? '', /not a Git repository/)
  })
})
