import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { usePostgres, type TestDatabase } from '../../support/postgres'
import type { EditorWindow } from '../harness/editor'
import { openSampleWindow } from '../harness/sample-window'
import { createSampleWorkspace, type SampleWorkspace } from '../harness/workspace'
import { runCommand } from './run-command'

/** Runs in the page: collects what notifications say, however briefly. */
const WATCH_TOASTS = `
  globalThis.shownToasts = []
  new MutationObserver(() => {
    for (const each of document.querySelectorAll('.notifications-toasts .notification-list-item-message'))
      shownToasts.push(each.textContent)
  }).observe(document.body, { subtree: true, childList: true, characterData: true })
  undefined`

const FOLDER = path.join(__REPOSITORY__, 'out/test/editor/at-once')

/** Two commands at once, in one project and in two: `node scripts/editor/run.mjs at-once`. */
describe('two commands at once', () => {
  const postgres = usePostgres()
  let workspace: SampleWorkspace
  let other: TestDatabase
  let window: EditorWindow
  let page: Page

  before(async () => {
    fs.mkdirSync(FOLDER, { recursive: true })
    workspace = await createSampleWorkspace(postgres)
    const opened = path.dirname(workspace.folder)
    const sample = path.join(__REPOSITORY__, 'sample', 'database')
    const sql = ['structure.sql', 'seed.sql'].map((name) => fs.readFileSync(path.join(sample, name), 'utf8')).join('\n')
    other = await postgres.createDatabase({ sql, name: `${workspace.database.name}_other` })
    fs.cpSync(workspace.folder, path.join(opened, 'other'), { recursive: true })
    fs.writeFileSync(path.join(opened, 'other', 'backend', '.env'), `DATABASE_URL=${other.url}\n`)
    window = await openSampleWindow(workspace, { workspace: opened })
    page = window.page
    await page.locator('.squiggly-warning').first().waitFor()
  })
  after(async () => {
    await window.close()
    await other.drop()
    await workspace.remove()
  })
  afterEach(async function () {
    const name = `${this.currentTest?.state ?? ''}-${(this.currentTest?.title ?? '').replace(/\W+/g, '-')}.png`
    await page.screenshot({ path: path.join(FOLDER, name), animations: 'disabled' })
  })

  const toast = (text: string | RegExp) =>
    page.locator('.notifications-toasts .notification-list-item', { hasText: text })
  const press = (place: Locator, name: string) => place.getByRole('button', { name }).click()
  const dialog = () => page.locator('.monaco-dialog-box')
  const tab = (title: string) => page.locator('.tab').filter({ hasText: new RegExp(`^${title}$`) })
  const run = () => page.locator('.editor-actions').getByRole('button', { name: 'Run the Migration Under Review' })

  it('in one project: the second is told what runs, and Show leads there', async () => {
    await runCommand(page, 'Prisma Audit: Run Guided Migration')
    await tab(`Migration: ${workspace.database.name}`).waitFor()
    await page.locator('.tab', { hasText: 'schema.prisma' }).first().click()
    await page.evaluate(WATCH_TOASTS)
    await runCommand(page, 'Prisma Audit: Back Up Database')
    const told = toast('Run Guided Migration is still running for this project.')
    await told.waitFor()
    // Its progress has not even flashed.
    const shown = await page.evaluate<string[]>('shownToasts')
    assert.ok(shown.some((each) => each.includes('is still running')))
    assert.ok(!shown.some((each) => each.includes('Back Up Database')), shown.join('\n'))
    assert.match(await told.innerText(), /sample: Run Guided Migration/)
    await press(told, 'Show')
    await page.locator('.tab.active', { hasText: `Migration: ${workspace.database.name}` }).waitFor()
    await run().waitFor()
  })

  it('in two projects: each link to run is for the plan that its notification names', async () => {
    await page.keyboard.press('Control+p')
    await page.locator('.quick-input-widget input.input').waitFor()
    await page.keyboard.type(path.join(path.dirname(workspace.folder), 'other/backend/prisma/schema.prisma'))
    await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: 'schema.prisma' }).waitFor()
    await page.keyboard.press('Enter')
    await page.locator('.statusbar-item', { hasText: 'Prisma Audit (other): 3 findings' }).waitFor()
    // No tab of a plan is in front: the button of its title is not there either.
    await run().waitFor({ state: 'detached' })
    await runCommand(page, 'Prisma Audit: Run Guided Migration')
    await page.locator('.tab.active', { hasText: `Migration: ${other.name}` }).waitFor()
    await toast(`Migration: ${workspace.database.name}”`).getByText('Run', { exact: true }).click()
    await dialog().waitFor()
    assert.match(await dialog().innerText(), new RegExp(`Migrate ${workspace.database.name} on `))
    await press(dialog(), 'Cancel')
    await dialog().waitFor({ state: 'detached' })
  })

  it('with several plans under review and none in front, the palette asks for which one', async () => {
    await page.locator('.tab', { hasText: 'sample' }).first().click()
    await page.locator('.statusbar-item', { hasText: 'Prisma Audit (sample): 3 findings' }).waitFor()
    await runCommand(page, 'Prisma Audit: Run Guided Migration')
    await page.locator('.tab.active', { hasText: `Migration: ${workspace.database.name}` }).waitFor()
    await page.locator('.tab', { hasText: 'schema.prisma' }).first().click()
    await page.keyboard.press('F1')
    await page.keyboard.type('Prisma Audit: Run the Migration Under Review')
    await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: 'Under Review' }).waitFor()
    await page.keyboard.press('Enter')
    const row = page.locator('.quick-input-list .monaco-list-row', { hasText: `Migration: ${other.name}` })
    await row.waitFor()
    await row.click()
    await dialog().waitFor()
    assert.match(await dialog().innerText(), new RegExp(`Migrate ${other.name} on `))
    await press(dialog(), 'Cancel')
    await press(toast(`Migration: ${workspace.database.name}”`), 'Cancel')
    await tab(`Migration: ${workspace.database.name}`).waitFor({ state: 'detached' })
  })
})
