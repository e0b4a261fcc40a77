import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import * as vscode from 'vscode'
import type { TestInterface } from '../../../client/src/test-interface'
import type { CommandOutcome, ServerCommand } from '../../../protocol/src/index'
import { activateExtension, codeOf, findingsOf, insertLine, openFile, restore, until, untilFindings } from './in-editor'
import { queryDatabase } from './query-database'

const SCHEMA = 'backend/prisma/schema.prisma'
/** User stands in line 10 of the sample's schema, Lead in line 18. */
const FINDINGS = ['missing-updated-at@10', 'missing-updated-by@10', 'missing-owner-id@18']

/** A type that one file uses, and no administrator sees. */
const UNLIKELY = 'backend/src/mail.ts'
const MAIL = `interface User {
  id: number
  name: string
  email: string
  role: string
  createdAt: Date
}

export function greeting(user: User): string {
  return \`Hello \${user.name}\`
}
`

describe('in a trusted workspace', () => {
  let extension: TestInterface
  let schema: vscode.TextDocument
  let original: string

  before(async () => {
    schema = await openFile(SCHEMA)
    original = schema.getText()
    extension = await activateExtension()
  })

  const workspaceFolder = () => path.resolve(path.dirname(schema.fileName), '..', '..')
  const readCode = (file: string) => fs.readFileSync(path.join(workspaceFolder(), file), 'utf8')

  it('shows what the policy requires beside the models, with the database attached', async () => {
    await untilFindings(schema, FINDINGS)
    await until(extension.onDidChangeStatus, () => {
      assert.deepEqual(
        extension.statuses().map(({ connection, findings }) => ({ connection, warnings: findings.warning })),
        [{ connection: 'connected', warnings: 3 }],
      )
      // Connected comes before the catalog is read.
      assert.equal(extension.statusText(), '$(warning) Prisma Audit: 3 findings · local')
    })
  })

  it('lists them by model in the explorer, as many as the status bar says', () => {
    const { roots, badge } = extension.findingsView()
    const lines = roots.map((node) => [node.kind, node.label, node.description])
    assert.deepEqual(lines, [
      ['model', 'Lead', '1 finding'],
      ['model', 'User', '2 findings'],
    ])
    assert.equal(badge, 3)
  })

  it('takes findings away and brings them back as the buffer changes, unsaved', async () => {
    await insertLine(schema, 10, '/// @audit-ignore updatedAt: the test says so')
    await untilFindings(schema, ['missing-updated-by@11', 'missing-owner-id@19'])
    await restore(schema, original)
    await untilFindings(schema, FINDINGS)
  })

  it('moves a finding to the field that the schema has and the database lacks', async () => {
    await insertLine(schema, 16, '  updatedAt DateTime @updatedAt')
    await untilFindings(schema, ['missing-updated-by@10', 'missing-updated-at@16', 'missing-owner-id@19'])
    await restore(schema, original)
    await untilFindings(schema, FINDINGS)
  })

  it('takes another policy as soon as a setting names it', async () => {
    const policy = { userModel: 'User', rules: [{ models: ['Lead'], require: ['ownerId'] }] }
    fs.writeFileSync(path.join(workspaceFolder(), 'leads-only.json'), JSON.stringify(policy))
    const settings = vscode.workspace.getConfiguration('prismaAudit')
    await settings.update('policyFile', 'leads-only.json', vscode.ConfigurationTarget.Workspace)
    await untilFindings(schema, ['missing-owner-id@18'])
    await settings.update('policyFile', undefined, vscode.ConfigurationTarget.Workspace)
    await untilFindings(schema, FINDINGS)
  })

  it('lets a language model read, and write nothing that VS Code and a person have not confirmed', async () => {
    const call = async (name: string, input: object = {}) => {
      const result = await vscode.lm.invokeTool(`prisma_audit_${name}`, { input, toolInvocationToken: undefined })
      return (result.content[0] as vscode.LanguageModelTextPart).value
    }
    const known = vscode.lm.tools.filter(({ name }) => name.startsWith('prisma_audit_'))
    assert.equal(known.length, 9)
    assert.match(await call('check'), /"missing-updated-at"/)
    const planHash = /Plan hash: ([0-9a-f]{16})/.exec(await call('plan'))?.[1]
    // VS Code shows no dialog in a test, neither its own nor ours.
    const refused = await call('migrate', { planHash }).catch(String)
    assert.match(refused, /refused to show dialog in tests\. Contents: Migrate /)
    assert.doesNotMatch(refused, /Backup/)
    assert.deepEqual(await queryDatabase(`SELECT FROM pg_namespace WHERE nspname = 'prisma_audit'`), [])
  })

  it('leads through the choices of a policy, and opens it', async () => {
    const file = path.join(workspaceFolder(), 'prisma-audit.json')
    const text = fs.readFileSync(file, 'utf8')
    fs.rmSync(file)
    const isPolicy = (policy: string) => () => assert.equal(extension.statuses()[0]?.policy, policy)
    await until(extension.onDidChangeStatus, isPolicy('none'))
    // As with Enter: the likeliest users, and what is suggested.
    const accepting = setInterval(
      () => void vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem'),
      250,
    )
    try {
      await vscode.commands.executeCommand('prismaAudit.createPolicy')
    } finally {
      clearInterval(accepting)
    }
    assert.equal(vscode.window.activeTextEditor?.document.fileName, file)
    assert.deepEqual(JSON.parse(fs.readFileSync(file, 'utf8')), {
      userModel: 'User',
      rules: [
        { models: ['User', 'Lead'], require: ['updatedAt'] },
        { models: ['User'], require: ['updatedBy'] },
      ],
      fields: { updatedAt: { index: false } },
    })
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor')
    fs.writeFileSync(file, text)
    await until(extension.onDidChangeStatus, isPolicy('valid'))
    await openFile(SCHEMA)
    await untilFindings(schema, FINDINGS)
  })

  it('survives a model that is half typed', async () => {
    await insertLine(schema, 1, 'model Half {\n  id Int @id @default(')
    const half = ['table-missing@1', 'schema-syntax@2', 'schema-syntax@2']
    const below = ['missing-updated-at@12', 'missing-updated-by@12', 'missing-owner-id@20']
    await untilFindings(schema, [...half, ...below])
    await restore(schema, original)
    await untilFindings(schema, FINDINGS)
  })

  it('writes the field by a quick fix', async () => {
    const fix = await quickFix(schema, 'missing-owner-id', 'Add ownerId to Lead')
    assert.ok(fix.edit)
    assert.ok(await vscode.workspace.applyEdit(fix.edit))
    assert.match(schema.getText(), /^ {2}ownerId +Int\?$/m)
    assert.match(schema.getText(), /^ {2}owner +User\? +@relation\(/m)
    assert.match(schema.getText(), /^ {2}leads +Lead\[\]/m)
    await until(vscode.languages.onDidChangeDiagnostics, () => {
      const owner = vscode.languages.getDiagnostics(schema.uri).find((one) => codeOf(one) === 'missing-owner-id')
      assert.equal(owner && schema.getText(owner.range).trim().split(/\s+/)[0], 'ownerId')
    })
    await restore(schema, original)
    await untilFindings(schema, FINDINGS)
  })

  it('backs up into the folder that a setting names from now on', async () => {
    const folder = path.join(workspaceFolder(), 'kept')
    const settings = vscode.workspace.getConfiguration('prismaAudit')
    await settings.update('backupDirectory', folder, vscode.ConfigurationTarget.Workspace)
    // The server asks for its settings after it has heard of the change: by the end of another command it has them.
    await run('check')
    assert.equal((await run('backup'))?.status, 'done')
    assert.match(fs.readdirSync(folder).join(' '), /crm_\w+-\d+T\d+Z\.dump( |$)/)
  })

  it('lists the backup in the explorer, and rehearses the one whose row was chosen', async () => {
    const [backup] = await extension.backupsView()
    assert.match(backup?.label ?? '', /^crm_/)
    assert.match(backup?.description ?? '', /^(?:now|\d+ min\. ago), level [23]$/)
    const rehearsed = await vscode.commands.executeCommand<CommandOutcome>('prismaAudit.rehearseRestore', backup)
    assert.match(rehearsed.message, /\.dump has reached level 3 of 4: restored and equal\.$/)
    assert.match((await extension.backupsView())[0]?.description ?? '', /, level 3$/)
  })

  it('shows the preview as a rendered document', async () => {
    const inputs = () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ input }) => input))
    const isRendered = () =>
      inputs().some(
        (input) => input instanceof vscode.TabInputWebview && input.viewType.includes('prismaAudit.preview'),
      )
    const shown = until(vscode.window.tabGroups.onDidChangeTabs, () => assert.ok(isRendered()))
    assert.equal((await run('preview'))?.status, 'done')
    await shown
  })

  it('shows the coverage in a tab of its own', async () => {
    const isShown = () =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .find(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.includes('prismaAudit.coverage'))
    const shown = until(vscode.window.tabGroups.onDidChangeTabs, () =>
      assert.match(isShown()?.label ?? '', /^Audit coverage: /),
    )
    await vscode.commands.executeCommand('prismaAudit.showCoverage')
    await shown
    await vscode.window.tabGroups.close(isShown()!)
  })

  it('changes nothing when the confirmation is cancelled', async () => {
    extension.answerConfirmations(() => null)
    assert.equal((await run('guided'))?.status, 'cancelled')
    assert.deepEqual(await auditColumns(), [])
    assert.equal(schema.getText(), original)
  })

  it('runs the guided migration, and the report stands in the output panel', async function () {
    this.timeout(600_000)
    fs.writeFileSync(path.join(workspaceFolder(), UNLIKELY), MAIL)
    const questions: string[] = []
    let lastChoices: readonly string[] = []
    extension.answerConfirmations(({ message, choices }) => {
      questions.push(message)
      lastChoices = choices.map(({ label }) => label)
      return choices[0]?.id ?? null
    })
    const statusTexts = new Set<string>()
    const following = extension.onDidChangeRun(() => statusTexts.add(extension.statusText()))
    const outcome = await acceptingRefactorPreviews(run('guided'))
    following.dispose()
    assert.equal(outcome?.status, 'done', `${outcome?.message ?? ''}\n${extension.outputText().slice(-2000)}`)

    assert.equal(questions.length, 2)
    assert.match(questions[1] ?? '', /^Where should the module that fills/)
    assert.deepEqual(lastChoices, ['backend/src/audit-actor.ts', 'Skip'])
    assert.match(questions[0] ?? '', /crm_\w+ on 127\.0\.0\.1/)
    assert.match(extension.outputText(), /Verification of crm_\w+ on 127\.0\.0\.1:\d+: \d+ passed, 0 failed/)
    assert.match(extension.outputText(), /SHA-256 +[0-9a-f]{64}/)
    assert.deepEqual(await auditColumns(), ['Lead.ownerId', 'User.updatedAt', 'User.updatedBy'])
    assert.deepEqual(await queryDatabase('SELECT DISTINCT "ownerId" FROM "Lead"'), [{ ownerId: 4 }])
    assert.match(fs.readFileSync(schema.fileName, 'utf8'), /updatedBy/)
    await untilFindings(schema, [])
    for (const word of ['backing up', 'migrating', 'generating', 'verifying'])
      assert.ok(statusTexts.has(`$(sync~spin) Prisma Audit: ${word} · local`), [...statusTexts].join(', '))
    assert.doesNotMatch(extension.statusText(), /verifying/)
  })

  it('wrote the new fields into the application, as reviewed', () => {
    assert.match(readCode('backend/src/routes/admin.ts'), /updatedBy: \{\s*select:/)
    assert.match(readCode('frontend/src/types/models.ts'), /updatedAt\?: string/)
  })

  it('wrote none that came unticked in the review', () => {
    assert.match(extension.outputText(), /less likely, not selected: backend\/src\/mail\.ts/)
    assert.equal(readCode(UNLIKELY), MAIL)
  })

  it('keeps the run as a checklist', async () => {
    const rows = extension.runView().map((row) => `${row.id}: ${row.kind === 'stage' ? row.state : row.kind}`)
    const stages = ['check', 'backup', 'confirm', 'migrate', 'schema', 'generate', 'actor', 'application']
    // The sample's checks want a password of the environment.
    assert.deepEqual(rows, [...stages.map((name) => `${name}: done`), 'smoke: skipped', 'verify: done'])
    // By a keybinding, which names no row, the action of a row shows the checklist.
    await vscode.commands.executeCommand('prismaAudit.runNext')
  })

  it('verifies again on command, whose notification offers the report: the output stays as it was', async () => {
    const before = extension.outputText()
    const outcome = await run('verify')
    assert.match(outcome?.message ?? '', /^Verified: all \d+ checks passed\.$/)
    assert.match(outcome?.report?.text ?? '', /\d+ passed, 0 failed/)
    assert.equal(extension.outputText(), before)
  })

  it('rolls back, and the findings are there again', async () => {
    assert.equal((await acceptingRefactorPreviews(run('rollback')))?.status, 'done')
    assert.deepEqual(await auditColumns(), [])
    await untilFindings(schema, FINDINGS)
    assert.equal(schema.getText(), original)
    assert.doesNotMatch(readCode('backend/src/routes/admin.ts'), /updatedBy/)
    assert.doesNotMatch(readCode('frontend/src/types/models.ts'), /updatedAt/)
    assert.deepEqual(
      extension.runView().map(({ id }) => id),
      ['undo', 'schema', 'application', 'next generate'],
    )
  })

  it('is for the project whose document is looked at, and lists each of them', async () => {
    const folder = path.join(workspaceFolder(), 'billing', 'prisma')
    fs.mkdirSync(folder, { recursive: true })
    const other = path.join(folder, 'schema.prisma')
    fs.writeFileSync(other, 'datasource db {\n  provider = "postgresql"\n}\n\nmodel Bill {\n  id Int @id\n}\n')
    await vscode.window.showTextDocument(vscode.Uri.file(other))
    // It has no URL, while the sample is connected.
    await until(extension.onDidChangeStatus, () => assert.match(extension.statusText(), /no database/))
    assert.deepEqual(
      extension.findingsView().roots.map(({ kind }) => kind),
      ['project', 'project'],
    )
    await vscode.window.showTextDocument(schema)
    const isOther = () => assert.doesNotMatch(extension.statusText(), /no database/)
    await until(vscode.window.onDidChangeActiveTextEditor, isOther)
  })

  it('contributes every command under its title, in one category', () => {
    const manifest = vscode.extensions.getExtension('prisma-audit.prisma-audit')?.packageJSON as Manifest
    assert.deepEqual(new Set(manifest.contributes.commands.map(({ category }) => category)), new Set(['Prisma Audit']))
    assert.deepEqual(
      manifest.contributes.commands.map(({ title }) => title),
      [
        'Check Schema Against Database',
        'Back Up Database',
        'Rehearse Restore',
        'Restore Backup',
        'Reveal Backup',
        'Preview Migration',
        'Preview Migration of Missing Objects',
        'Rehearse Migration',
        'Run Migration',
        'Run Migration of Missing Objects',
        'Generate Prisma Client',
        'Verify Migration',
        'Test the Application',
        'Fill Audit Fields Automatically',
        'Roll Back Migration',
        'Run Guided Migration',
        'Connect to Database',
        'Set Database Environment',
        'Start Sandbox Database',
        'Stop Sandbox Database',
        'Create Audit Policy',
        'Show Quick Fixes',
        'Show Output',
        'Show Log',
        'Run the Migration Under Review',
        'Cancel the Migration Under Review',
        'Open Documentation',
        'Show Coverage',
        'Refresh Coverage',
        'Cancel Migration',
        'Resume Migration',
        'Undo Migration',
      ],
    )
  })
})

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly category: string; readonly title: string }[] }
}

/**
 * Asks again, for the place where the finding is then: an answer about a text of before may still be on its way, and
 * VS Code shows that text's findings until the next one is there.
 */
async function quickFix(document: vscode.TextDocument, code: string, title: string): Promise<vscode.CodeAction> {
  let shown = ''
  for (let asked = 0; asked < MOST_TIMES_ASKED; asked++) {
    if (asked > 0) await new Promise((resolve) => setTimeout(resolve, 100))
    const diagnostic = vscode.languages.getDiagnostics(document.uri).find((one) => codeOf(one) === code)
    const actions = diagnostic === undefined ? [] : await quickFixesAt(document.uri, diagnostic.range)
    const action = actions.find((one) => one.title === title)
    if (action !== undefined) return action
    shown = `${findingsOf(document).join(', ')}: ${actions.map((one) => one.title).join(' | ')}`
  }
  throw new Error(`"${title}" is not among ${shown}`)
}

function quickFixesAt(uri: vscode.Uri, range: vscode.Range): Thenable<vscode.CodeAction[]> {
  return vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    uri,
    range,
    vscode.CodeActionKind.QuickFix.value,
  )
}

/** A minute or more. */
const MOST_TIMES_ASKED = 600

/** Runs one of our commands and gives its outcome, as the user's notification tells it. */
function run(command: ServerCommand): Thenable<CommandOutcome | null> {
  return vscode.commands.executeCommand(`prismaAudit.${command}`)
}

async function auditColumns(): Promise<string[]> {
  const rows = await queryDatabase(
    `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
     WHERE table_schema = 'public' AND column_name IN ('updatedAt', 'updatedBy', 'ownerId') ORDER BY 1`,
  )
  return rows.map(({ name }) => String(name))
}

/** VS Code tells nobody when its refactor preview opens, so it is accepted again and again until the command ends. */
async function acceptingRefactorPreviews<Result>(command: Thenable<Result>): Promise<Result> {
  let ended = false
  const accepting = setInterval(() => {
    if (!ended) void vscode.commands.executeCommand('refactorPreview.apply')
  }, 250)
  try {
    return await command
  } finally {
    ended = true
    clearInterval(accepting)
  }
}
