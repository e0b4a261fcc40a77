import fs from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { usePostgres } from '../../support/postgres'
import { provisionedEditor } from '../harness/provisioned'
import type { EditorWindow } from '../harness/editor'
import { createSampleWorkspace, type SampleWorkspace } from '../harness/workspace'
import { packageExtension } from './vsix'

describe('the package in the newest VS Code', () => {
  const postgres = usePostgres()
  let workspace: SampleWorkspace
  let window: EditorWindow

  before(async () => {
    workspace = await createSampleWorkspace(postgres)
    fs.mkdirSync(path.join(workspace.folder, '.vscode'))
    fs.writeFileSync(
      path.join(workspace.folder, '.vscode', 'settings.json'),
      JSON.stringify({ 'prismaAudit.agentTools': 'mcp' }),
    )
    const vsix = path.join(path.dirname(workspace.folder), 'prisma-audit.vsix')
    packageExtension(vsix)
    const editor = provisionedEditor()
    await editor.installExtension(vsix, workspace.profile)
    window = await editor.openWindow({
      workspace: workspace.folder,
      file: workspace.schemaFile,
      profile: workspace.profile,
      environment: workspace.environment,
      trusted: true,
      development: false,
    })
  })
  after(async () => {
    await window.close()
    await workspace.remove()
  })

  it('shows findings, in the schema and in the status bar', async () => {
    await window.page.locator('.squiggly-warning').first().waitFor()
    await window.page.locator('.statusbar-item', { hasText: '3 findings' }).waitFor()
  })

  it('applies a quick fix', async () => {
    const { page } = window
    await page
      .locator('.view-line', { hasText: 'model User' })
      .locator('span', { hasText: /^User$/ })
      .last()
      .click()
    await page.keyboard.press('Control+.')
    await page.locator('.action-widget').getByText('Add updatedAt to User').first().click()
    await page.locator('.view-line', { hasText: '@updatedAt' }).waitFor()
  })

  it('runs a command of the palette', async () => {
    const { page } = window
    await runCommand(page, 'Prisma Audit: Preview Migration')
    await page.locator('.tab', { hasText: `Migration: ${workspace.database.name}` }).waitFor()
  })

  it('offers the MCP server to the agents of the editor, where the setting asks for it', async () => {
    const { page } = window
    await runCommand(page, 'MCP: List Servers')
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Prisma Audit' }).waitFor()
  })
})

async function runCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press('F1')
  await page.locator('.quick-input-widget input.input').waitFor()
  await page.keyboard.type(title)
  await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: title }).waitFor()
  await page.keyboard.press('Enter')
}
