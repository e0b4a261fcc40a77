import fs from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { usePostgres } from '../../support/postgres'
import type { EditorWindow } from '../harness/editor'
import { openSampleWindow } from '../harness/sample-window'
import { createSampleWorkspace, type SampleWorkspace } from '../harness/workspace'
import { runCommand } from './run-command'

/** The class of the workbench by which VS Code says its theme's kind. */
const THEMES = [
  ['Default Dark Modern', 'vs-dark'],
  ['Default Light Modern', 'vs'],
  ['Default High Contrast', 'hc-black'],
  ['Default High Contrast Light', 'hc-light'],
] as const

const FOLDER = path.join(__REPOSITORY__, 'out/test/editor/themes')

/**
 * To be looked at, so only where it is asked for: `node scripts/editor/run.mjs themes` leaves `out/test/editor/themes`.
 */
describe('the main states in each theme, and in German', () => {
  const postgres = usePostgres()
  let workspace: SampleWorkspace
  let window: EditorWindow

  beforeEach(async () => {
    workspace = await createSampleWorkspace(postgres)
    fs.mkdirSync(FOLDER, { recursive: true })
  })
  afterEach(async () => {
    await window.close()
    await workspace.remove()
  })

  async function open(language?: string): Promise<Page> {
    window = await openSampleWindow(workspace, language === undefined ? {} : { language })
    await window.page.locator('.squiggly-warning').first().waitFor()
    return window.page
  }

  async function useTheme(page: Page, [theme, kind]: (typeof THEMES)[number]): Promise<void> {
    const folder = path.join(workspace.folder, '.vscode')
    fs.mkdirSync(folder, { recursive: true })
    fs.writeFileSync(path.join(folder, 'settings.json'), JSON.stringify({ 'workbench.colorTheme': theme }))
    await page.locator(`.monaco-workbench.${kind}`).waitFor()
  }

  it('findings and coverage', async () => {
    const page = await open()
    await runCommand(page, 'Explorer: Focus on Prisma Audit View')
    await page.getByRole('treeitem', { name: /^User, / }).click()
    for (const theme of THEMES) {
      await useTheme(page, theme)
      await page.screenshot({ path: path.join(FOLDER, `findings-${theme[1]}.png`), animations: 'disabled' })
    }
    await runCommand(page, 'Prisma Audit: Show Coverage')
    const coverage = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame')
    await coverage.getByRole('row', { name: /^User/ }).waitFor()
    for (const theme of THEMES) {
      await useTheme(page, theme)
      await page.screenshot({ path: path.join(FOLDER, `coverage-${theme[1]}.png`), animations: 'disabled' })
    }
  })

  it('in German', async () => {
    const page = await open('de')
    await page.locator('.statusbar-item', { hasText: '3 Befunde' }).waitFor()
    await page.screenshot({ path: path.join(FOLDER, 'findings-de.png'), animations: 'disabled' })
    await runCommand(page, 'Prisma Audit: Abdeckung anzeigen')
    const coverage = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame')
    await coverage.getByRole('row', { name: /^User/ }).waitFor()
    await page.screenshot({ path: path.join(FOLDER, 'coverage-de.png'), animations: 'disabled' })
  })
})
