import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { usePostgres } from '../../support/postgres'
import { createSampleWorkspace, type SampleWorkspace } from '../../support/sample-workspace'

/** What `session.lua` saw. */
interface Seen {
  readonly error: string | null
  readonly diagnostics: readonly string[]
  readonly hover: string
  readonly lenses: readonly string[]
  readonly changed: string
  readonly questions: readonly (readonly string[])[]
  readonly messages: readonly string[]
  readonly progress: readonly { readonly kind: string; readonly title?: string; readonly message?: string }[]
  readonly cancelled: string
  readonly migrated: string
  /** The open file of the application, when it was asked to be saved. */
  readonly on_disk: string
}

describe('Neovim, configured as docs/editors.md says', () => {
  const postgres = usePostgres()
  let workspace: SampleWorkspace
  let seen: Seen

  before(async () => {
    workspace = await createSampleWorkspace(postgres)
    // With no Prisma installed the step `generate` is left out, which would take most of the time.
    fs.rmSync(path.join(path.dirname(workspace.folder), 'node_modules'))
    seen = runNeovim(workspace)
    assert.equal(seen.error, null)
  })
  after(() => workspace.remove())

  it('shows findings, a hover and lenses', () => {
    const codes = seen.diagnostics.map((line) => line.split(' ')[0]).sort()
    assert.deepEqual(codes, ['missing-owner-id', 'missing-updated-at', 'missing-updated-by'])
    assert.match(seen.hover, /\*\*Database:\*\* table `public\.User`/)
    assert.deepEqual(seen.lenses, ['Missing updatedAt, updatedBy: add', 'Missing ownerId: add'])
  })

  it('applies a quick fix', () => {
    assert.match(seen.changed, /model User \{[^}]*updatedAt +DateTime/)
  })

  it('sees the progress of a long command, and cancels it', () => {
    const [begin, ...reports] = seen.progress
    assert.deepEqual([begin?.kind, begin?.title], ['begin', 'Prisma Audit: Rehearse Migration'])
    assert.ok(
      reports.some(({ message }) => message !== undefined && message !== ''),
      JSON.stringify(reports),
    )
    assert.equal(seen.cancelled, 'Cancelled.')
  })

  it('migrates by a command, with its question answered and the schema saved by the user', async () => {
    const [question = []] = seen.questions
    assert.match(question[0]!, new RegExp(`${workspace.database.name} on 127\\.0\\.0\\.1`))
    assert.ok(question.some((line) => line.endsWith('. Migrate')) && question.some((line) => line.endsWith('. Cancel')))
    assert.match(seen.messages.join('\n'), /^Save .*schema\.prisma to continue\.$/m)
    assert.match(seen.migrated, /model Lead \{[^}]*ownerId/)
    assert.equal(seen.migrated.trimEnd(), fs.readFileSync(workspace.schemaFile, 'utf8').trimEnd())
    const rows = await workspace.database.query('SELECT 1 FROM "Lead" WHERE "ownerId" IS NULL')
    assert.equal(rows.length, 0)
  })

  it('has the unsaved file of the application edited where it is open, not on disk', () => {
    const code = fs.readFileSync(codeOf(workspace), 'utf8')
    assert.match(code, /^\/\/ not saved yet\n[^]*updatedAt: true[^]*ownerId: true/)
    assert.equal(seen.on_disk.includes('updatedAt'), false)
    assert.match(seen.messages.join('\n'), /^Save src\/routes\/admin\.ts to continue\.$/m)
  })

  it('gets the path of a document, since it cannot be told to open one', () => {
    assert.match(seen.messages.at(-1)!, /^Audit coverage: .*\.md$/)
  })
})

function codeOf({ folder }: SampleWorkspace): string {
  return path.join(folder, 'backend/src/routes/admin.ts')
}

function runNeovim(workspace: SampleWorkspace): Seen {
  const { folder, schemaFile, environment } = workspace
  const here = path.dirname(folder)
  const configuration = path.join(here, 'prisma-audit.lua')
  const seen = path.join(here, 'seen.json')
  fs.writeFileSync(configuration, documentedConfiguration())
  const session = path.join(__REPOSITORY__, 'test/server/neovim/session.lua')
  const neovim = spawnSync('nvim', ['--headless', '-u', 'NONE', '-i', 'NONE', '-n', '-c', `luafile ${session}`], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 500_000,
    env: {
      ...process.env,
      ...environment,
      // Neovim's own folders: nothing of the user's is read or written.
      XDG_CONFIG_HOME: here,
      XDG_DATA_HOME: here,
      XDG_STATE_HOME: here,
      PRISMA_AUDIT_CONFIGURATION: configuration,
      PRISMA_AUDIT_SCHEMA: schemaFile,
      PRISMA_AUDIT_CODE: codeOf(workspace),
      PRISMA_AUDIT_SEEN: seen,
    },
  })
  if (neovim.error !== undefined) {
    throw new Error('Neovim is not installed. On Debian and Ubuntu: apt-get install neovim (0.7 or newer).', {
      cause: neovim.error,
    })
  }
  assert.ok(fs.existsSync(seen), neovim.stdout + neovim.stderr)
  return JSON.parse(fs.readFileSync(seen, 'utf8')) as Seen
}

/** The first block for Neovim, with the server of this repository. */
function documentedConfiguration(): string {
  const page = fs.readFileSync(path.join(__REPOSITORY__, 'docs/editors.md'), 'utf8')
  const [, block = ''] = /^## Neovim 0\.7 and newer\n```lua\n([^]*?)^```/m.exec(page) ?? []
  assert.ok(block.includes('/path/to/server.js'))
  return block.replace('/path/to/server.js', path.join(__BUNDLE_FOLDER__, 'server.js'))
}
