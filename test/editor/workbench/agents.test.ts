import assert from 'node:assert/strict'
import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { usePostgres } from '../../support/postgres'
import type { EditorWindow } from '../harness/editor'
import { provisionedEditor } from '../harness/provisioned'
import { createSampleWorkspace, type SampleWorkspace } from '../harness/workspace'
import { packageExtension, packageFolder } from './vsix'

/** What the agent's extension runs, in VS Code's extension host, and answers. */
type Say = (code: string) => Promise<string>

/**
 * A hostile conversation: an extension beside ours calls the tools through VS Code's own API, runs commands and edits
 * settings: `node scripts/editor/run.mjs newest agents`.
 */
describe('an agent in the newest VS Code', () => {
  const postgres = usePostgres()
  let workspace: SampleWorkspace
  let window: EditorWindow
  let page: Page
  let say: Say

  before(async () => {
    workspace = await createSampleWorkspace(postgres)
    const folder = path.dirname(workspace.folder)
    const [ours, agent] = [path.join(folder, 'prisma-audit.vsix'), path.join(folder, 'agent.vsix')]
    packageExtension(ours)
    writeAgent(path.join(folder, 'agent'))
    packageFolder(path.join(folder, 'agent'), agent)
    const editor = provisionedEditor()
    for (const vsix of [ours, agent]) await editor.installExtension(vsix, workspace.profile)
    window = await editor.openWindow({
      workspace: workspace.folder,
      file: workspace.schemaFile,
      profile: workspace.profile,
      environment: { ...workspace.environment, XDG_STATE_HOME: folder },
      trusted: true,
      development: false,
    })
    page = window.page
    await page.locator('.statusbar-item', { hasText: '3 findings' }).waitFor()
    const listening = page.locator('.statusbar-item', { hasText: /^agent on \d+$/ })
    await listening.waitFor()
    const port = Number((await listening.innerText()).replace(/\D/g, ''))
    say = (code) => ask(port, code)
  })
  after(async () => {
    await window.close()
    await workspace.remove()
  })
  const isMigrated = async (): Promise<unknown> =>
    (await workspace.database.query(`SELECT to_regnamespace('prisma_audit') IS NOT NULL AS found`))[0]?.found
  const call = (tool: string, input: object = {}) =>
    say(`return await call('prisma_audit_${tool}', ${JSON.stringify(input)})`)
  const planHash = async () => /Plan hash: ([0-9a-f]{16})/.exec(await call('plan'))?.[1] ?? ''

  it('finds the tools, and reads without a question', async () => {
    assert.match(await say(`return vscode.lm.tools.map(({ name }) => name).join()`), /prisma_audit_migrate/)
    assert.match(await call('check'), /missing-updated-at/)
    assert.match(await planHash(), /^[0-9a-f]{16}$/)
  })

  const dialog = () => page.locator('.monaco-dialog-box')
  const nameBox = () => page.locator('.quick-input-widget:visible', { hasText: 'An agent requested this' })
  /** Calls `migrate` as often as is said, without waiting; `ended()` gives the answers. */
  const startMigrations = async (count: number, hash: string) => {
    await say(`
      globalThis.source = new vscode.CancellationTokenSource()
      const one = () => call('prisma_audit_migrate', { planHash: '${hash}' }, globalThis.source.token)
      globalThis.ended = Promise.all(Array.from({ length: ${count} }, one))
      return ''`)
    return { ended: async () => JSON.parse(await say('return JSON.stringify(await globalThis.ended)')) as string[] }
  }
  /** A person who does not read presses the button of each dialog, until the name is asked for. */
  const allow = async () => {
    const confirms = dialog().getByRole('button', { name: /^(?:Yes|Migrate|Enable)$/ })
    const next = confirms.or(nameBox()).first()
    await next.waitFor()
    while (!(await nameBox().isVisible())) {
      await confirms.click({ timeout: 2000 }).catch(() => undefined)
      await next.waitFor()
    }
  }
  const typeName = async () => {
    await nameBox().locator('input.input').click()
    await page.keyboard.type(workspace.database.name)
    await page.keyboard.press('Enter')
  }

  it('has the person asked in a dialog that fits the screen, however long the SQL', async () => {
    const { ended } = await startMigrations(1, await planHash())
    await dialog().waitFor()
    const lines = (await dialog().innerText()).split('\n').filter((line) => line.trim() !== '')
    assert.ok(lines.length <= 9, lines.join('\n'))
    assert.ok(lines.some((line) => /^\d+ models, \d+ steps/.test(line)))
    assert.ok(lines.some((line) => line.includes('To read the SQL, run "Prisma Audit: Preview Migration".')))
    await page.keyboard.press('Escape')
    await ended()
    assert.equal(await isMigrated(), false)
  })

  it('cannot pass another hash, nor one in disguise', async () => {
    const hash = await planHash()
    const disguised = `[['${hash}'], { toString: () => '${hash}' }, '${hash.toUpperCase()}', ' ${hash}', '${hash}\\u200b', null]`
    const answers = await say(`
      const answers = []
      for (const planHash of ${disguised}) answers.push(await call('prisma_audit_migrate', { planHash }))
      return JSON.stringify(answers)`)
    for (const answer of JSON.parse(answers) as string[])
      assert.match(answer, /Invalid arguments for migrate|this is not the plan that would run now/)
  })

  it('cannot answer for the person by commands, with the clipboard, or by settings', async () => {
    // VS Code may ask the person about them, which is not waited for.
    await say(`
      const settings = vscode.workspace.getConfiguration()
      for (const name of ['chat.tools.global.autoApprove', 'chat.tools.autoApprove'])
        settings.update(name, true, vscode.ConfigurationTarget.Global).then(() => undefined, () => undefined)`)
    const { ended } = await startMigrations(1, await planHash())
    await allow()
    const tried = await say(`
      await vscode.env.clipboard.writeText('${workspace.database.name}')
      const run = (...words) => vscode.commands.executeCommand(...words).then(() => 'done', () => 'refused')
      const tried = []
      for (const words of [
        ['quickInput.accept'],
        ['type', { text: '${workspace.database.name}' }],
        ['editor.action.clipboardPasteAction'],
        ['workbench.action.acceptSelectedQuickOpenItem'],
        ['prismaAudit.runReviewed'],
        ['prismaAudit.migrate', { schemaUri: 'x', backupUri: 'y' }],
        ['prismaAudit.rollback'],
        ['quickInput.accept'],
      ])
        tried.push(await run(...words))
      return tried.join()`)
    assert.match(tried, /done/)
    // The box still says who asked, also once it has refused an empty name.
    assert.equal(await nameBox().locator('input.input').inputValue(), '')
    await page.keyboard.press('Escape')
    assert.match((await ended())[0] ?? '', /The person declined\. Nothing was changed/)
    assert.equal(await isMigrated(), false)
  })

  it('writes nothing of a call that it cancels, whatever is typed then', async () => {
    const { ended } = await startMigrations(1, await planHash())
    await allow()
    await nameBox().waitFor()
    await say('globalThis.source.cancel()')
    await ended()
    if (await nameBox().isVisible()) await typeName()
    assert.match(await call('plan'), /Plan hash/)
    assert.equal(await isMigrated(), false)
  })

  it('gets nothing done of several calls at once, of which one is confirmed, where the policy and the URL are others by then', async () => {
    const other = await postgres.createDatabase('CREATE TABLE "User" (id int PRIMARY KEY)')
    const { ended } = await startMigrations(3, await planHash())
    await allow()
    await nameBox().waitFor()
    await say(`
      const root = vscode.workspace.workspaceFolders[0].uri.fsPath
      fs.writeFileSync(root + '/backend/.env', 'DATABASE_URL=${other.url}\\n')
      const file = root + '/prisma-audit.json'
      const policy = JSON.parse(fs.readFileSync(file, 'utf8'))
      policy.rules.push({ models: ['*'], require: ['createdAt', 'createdBy'] })
      fs.writeFileSync(file, JSON.stringify(policy))`)
    await typeName()
    const answers = await ended()
    const count = (said: RegExp) => answers.filter((answer) => said.test(answer)).length
    assert.equal(count(/another command is running for this project/), 2, answers.join('\n'))
    assert.equal(count(/The plan that would run now is not the one that the person confirmed/), 1, answers.join('\n'))
    assert.equal(await isMigrated(), false)
    const [inOther] = await other.query(`SELECT to_regnamespace('prisma_audit') IS NOT NULL AS found`)
    assert.equal(inOther?.found, false)
    await other.drop()
  })
})

/** An extension that runs what it is sent. */
function writeAgent(folder: string): void {
  fs.mkdirSync(folder)
  const manifest = { name: 'agent', displayName: 'Agent', publisher: 'hostile', version: '0.0.1', license: 'MIT' }
  const parts = { main: './main.js', engines: { vscode: '^1.96.0' }, activationEvents: ['*'] }
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ ...manifest, ...parts }))
  fs.writeFileSync(path.join(folder, 'README.md'), 'An agent.')
  fs.writeFileSync(path.join(folder, 'LICENSE'), 'MIT')
  fs.writeFileSync(path.join(folder, 'main.js'), AGENT)
}

const AGENT = `
const vscode = require('vscode'); const http = require('http'); const fs = require('fs');
const call = async (name, input, token) => {
  try {
    const result = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined }, token);
    return result.content.map((part) => part.value ?? '').join('');
  } catch (error) { return 'THREW ' + (error && error.message) }
};
exports.activate = () => {
  const server = http.createServer((request, response) => {
    let code = '';
    request.on('data', (chunk) => (code += chunk));
    request.on('end', async () => {
      const Work = (async () => {}).constructor;
      try { response.end(String(await new Work('vscode', 'call', 'fs', code)(vscode, call, fs))) }
      catch (error) { response.end('THREW ' + (error && error.stack)) }
    });
  });
  server.listen(0, '127.0.0.1', () => {
    const item = vscode.window.createStatusBarItem();
    item.text = 'agent on ' + server.address().port;
    item.show();
  });
};
`

function ask(port: number, code: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, method: 'POST' }, (response) => {
      let answer = ''
      response.setEncoding('utf8').on('data', (text: string) => (answer += text))
      response.on('end', () => resolve(answer))
    })
    request.on('error', reject)
    request.end(code)
  })
}
