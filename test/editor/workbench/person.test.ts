import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import type { FrameLocator, Page } from 'playwright-core'
import { usePostgres } from '../../support/postgres'
import type { EditorWindow } from '../harness/editor'
import { openSampleWindow } from '../harness/sample-window'
import { createSampleWorkspace, type SampleWorkspace } from '../harness/workspace'
import { assertLegible } from './legible'
import { openFile, runCommand } from './run-command'

describe('a person at the keyboard', () => {
  const postgres = usePostgres()
  let workspace: SampleWorkspace
  let window: EditorWindow
  let page: Page

  before(async () => {
    workspace = await createSampleWorkspace(postgres)
    window = await openSampleWindow(workspace)
    page = window.page
  })

  after(async () => {
    await window.close()
    await workspace.remove()
  })

  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return
    await screenshot(page, 'failed', FAILURES)
    throw new Error(`Each test goes on where the one before stopped; ${FAILURES}/failed.png shows where that was.`)
  })

  it('sees the problems beside the models', async () => {
    await page.locator('.squiggly-warning').first().waitFor()
    await page.locator('.codelens-decoration').getByText('Missing updatedAt, updatedBy: add').waitFor()
    await runCommand(page, 'View: Focus Problems')
    await page.locator('.markers-panel').getByText('updatedAt').first().waitFor()
    await screenshot(page, 'diagnostics')
  })

  it('opens the quick fixes', async () => {
    await page
      .locator('.view-line', { hasText: 'model User' })
      .locator('span', { hasText: /^User$/ })
      .last()
      .click()
    // Before it is there, the answer to the keys may be that there are none yet.
    await page.locator('.lightBulbWidget').first().waitFor()
    await page.keyboard.press('Control+.')
    await page.locator('.action-widget').getByText('Add updatedAt to User').first().waitFor()
    await screenshot(page, 'quick-fix')
    await page.keyboard.press('Escape')
  })

  it('goes from a gap in the coverage to its fix, and the coverage follows', async () => {
    await runCommand(page, 'Prisma Audit: Show Coverage')
    const gap = shownPage(page).locator('[data-row="0"] td[data-state="missing"]').first()
    await gap.waitFor()
    await assertLegible(page, shownPage(page))
    await gap.click()
    await page.locator('.action-widget .focused', { hasText: 'Add updatedAt to User' }).waitFor()
    await page.keyboard.press('Enter')
    await page.locator('.view-line', { hasText: 'DateTime @updatedAt' }).waitFor()
    await page.locator('.tab', { hasText: 'Audit coverage' }).click()
    await shownPage(page).locator('[data-row="0"] td[data-state="partial"]').first().waitFor()
    await page.locator('.tab.active').getByRole('button', { name: 'Close' }).click()
    await page.locator('.tab.active', { hasText: 'schema.prisma' }).click()
    await page.keyboard.press('Control+z')
    await page.locator('.view-line', { hasText: 'DateTime @updatedAt' }).waitFor({ state: 'detached' })
  })

  it('connects to a database by a URL that is checked as it is typed', async () => {
    await runCommand(page, 'Prisma Audit: Connect to Database', 'stays')
    await page.keyboard.type('mysql://localhost/app')
    await page.locator('.quick-input-widget').getByText('The URL must start with postgresql://').waitFor()
    // One that does not connect stays in the box as it was typed, with the reason below it.
    const mistyped = 'postgresql://nobody@127.0.0.1:1/crm'
    await page.keyboard.press('Control+a')
    await page.keyboard.type(mistyped)
    await page.keyboard.press('Enter')
    await page
      .locator('.quick-input-message', { hasText: 'Cannot reach the PostgreSQL server of crm on 127.0.0.1:1' })
      .waitFor()
    assert.equal(await page.locator('.quick-input-widget input.input').inputValue(), mistyped)
    await page.keyboard.press('Control+a')
    await page.keyboard.type(workspace.database.url)
    await page.keyboard.press('Enter')
    await page.locator('.notifications-toasts').getByText(`Connected to ${workspace.database.name}`).waitFor()
    await runCommand(page, 'Notifications: Clear All Notifications')
  })

  it('reads the preview and confirms in a dialog that names the database', async () => {
    await runCommand(page, 'Prisma Audit: Run Guided Migration')
    // Nothing stands in front of the plan while it is read.
    const tab = page.locator('.tab', { hasText: `Migration: ${workspace.database.name}` })
    await tab.waitFor()
    const review = page.locator('.notifications-toasts').getByText('Nothing runs before you confirm.')
    await review.waitFor()
    assert.equal(await page.locator('.monaco-dialog-box').count(), 0)
    const plan = shownPage(page)
    await plan.getByRole('heading', { name: /^Migration of/ }).waitFor()
    assert.equal(await plan.locator('details[open]').count(), 0)
    await plan.getByText('ada@example.com').first().waitFor()
    assert.equal(await plan.locator('a').count(), 0)
    await screenshot(page, 'review')
    await page.locator('.editor-actions').getByRole('button', { name: 'Run the Migration Under Review' }).click()
    const dialog = page.locator('.monaco-dialog-box')
    await dialog.waitFor()
    await review.waitFor({ state: 'detached' })
    assert.match(await dialog.innerText(), new RegExp(`${workspace.database.name} on 127\\.0\\.0\\.1`))
    const detail = await dialog.locator('.dialog-message-detail').innerText()
    assert.ok(detail.split('\n').length <= 4, detail)
    await screenshot(page, 'confirmation')
    await dialog.getByRole('button', { name: 'Migrate' }).click()
  })

  it('says where the module goes that fills the fields, reviews the edits of the application and accepts them', async () => {
    await page.locator('.monaco-dialog-box').getByRole('button', { name: 'backend/src/audit-actor.ts' }).click()
    const apply = page.getByRole('button', { name: 'Apply' })
    await apply.waitFor()
    await screenshot(page, 'application-review')
    // The edits are for the text as it was: VS Code refuses them, and they are offered for the new text instead.
    await openFile(page, 'routes/admin.ts')
    await page.keyboard.press('Control+Home')
    await page.keyboard.type('// Typed during the review\n')
    await apply.click()
    const refused = page.locator('.monaco-dialog-box', { hasText: 'has changed in the meantime' })
    await refused.getByRole('button', { name: 'OK' }).click()
    await page.locator('.notifications-toasts').getByText('The code has changed. Review its edits again').waitFor()
    await apply.click()
  })

  it('reads the proof, which the notification at the end opens with its table in view', async () => {
    const toasts = page.locator('.notifications-toasts')
    await toasts.getByText(/checks passed/).waitFor()
    const code = fs.readFileSync(path.join(workspace.folder, 'backend', 'src', 'routes', 'admin.ts'), 'utf8')
    assert.match(code, /^\/\/ Typed during the review$[^]*createdAt: true,\n +updatedAt: true,$/m)
    // By the keyboard: a toast that moves up while the mouse is down gets no click.
    await toasts.getByRole('button', { name: 'Show Report' }).press('Enter')
    await page.locator('.tab.active', { hasText: `Verification: ${workspace.database.name}` }).waitFor()
    const report = shownPage(page)
    await report.getByRole('heading', { name: 'Verification of' }).waitFor()
    const first = report.getByRole('cell', { name: 'PASS' }).first()
    await first.waitFor()
    const place = await first.boundingBox()
    assert.ok(place !== null && place.y < 500, JSON.stringify(place))
    // VS Code would give it its whole address as a title, which is shown and read aloud.
    const again = report.getByRole('link', { name: 'Verify Again' })
    assert.equal(await again.getAttribute('title'), 'Verify Again')
    await runCommand(page, 'Notifications: Clear All Notifications')
    await screenshot(page, 'verification')
    await assertLegible(page, shownPage(page))
    const [row] = await workspace.database.query('SELECT count(*)::int AS count FROM "Lead" WHERE "ownerId" = 4')
    assert.equal(row?.count, 400)
    // None is left; the last ones go when the catalog has been read again.
    await page.locator('.squiggly-warning').first().waitFor({ state: 'detached' })
  })

  it('runs checks again in the Test Explorer, and reads beside the field what failed', async () => {
    await runCommand(page, 'Testing: Focus on Test Explorer View')
    await runCommand(page, 'Test: Run All Tests')
    const explorer = page.locator('.test-explorer')
    await explorer.locator('.computed-state.codicon-testing-passed-icon').first().waitFor()
    await workspace.database.query('ALTER TABLE "User" DISABLE TRIGGER ALL')
    const row = (label: string) => explorer.locator('.monaco-list-row', { hasText: label }).first()
    for (const label of ['sample', 'User']) {
      await row(label).click()
      await page.keyboard.press('ArrowRight')
    }
    await row('is enabled').hover()
    await row('is enabled').getByRole('button', { name: 'Run Test' }).click()
    await page.getByText('is enabled: expected enabled, found disabled').first().waitFor()
    await screenshot(page, 'test-explorer')
  })

  it('finds the checklist and the report again after a reload, and the report says that it is of before', async () => {
    await runCommand(page, 'Guided Migration: Focus on Guided Migration View')
    const row = (label: string) => page.locator('.monaco-list-row', { hasText: label }).first()
    await row('Back up').waitFor()
    await screenshot(page, 'guided-run')
    await page.locator('.tab', { hasText: 'Verification:' }).click()
    const billing = path.join(workspace.folder, 'billing', 'prisma')
    fs.mkdirSync(billing, { recursive: true })
    fs.writeFileSync(path.join(billing, 'schema.prisma'), BILLING)
    await page.evaluate(`history.replaceState(null, '', ${JSON.stringify(addressWithoutFile(page))})`)
    // Unlike a browser's own reload, it waits until the tabs are saved.
    await runCommand(page, 'Developer: Reload Window')
    await page.getByRole('tab', { name: 'Guided Migration' }).click()
    await row('Back up').waitFor()
    await page.locator('.tab', { hasText: 'Verification:' }).click()
    await shownPage(page).getByText('This page was created before the window was reloaded').waitFor()
  })

  it('is asked which project a command is for, with a name for each, though they share a policy', async () => {
    const status = page.locator('.statusbar-item', { hasText: 'Prisma Audit' })
    await status.getByText('2 projects').click()
    await page.locator('.quick-input-title', { hasText: 'Prisma Audit' }).waitFor()
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'sample (backend/prisma)' }).waitFor()
    await page.keyboard.type('billing')
    await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: 'billing' }).waitFor()
    await page.keyboard.press('Enter')
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Start Sandbox Database' }).waitFor()
    await page.keyboard.press('Escape')
    await status.getByText('(sample (billing/prisma))').waitFor()
  })
})

const BILLING = 'datasource db {\n  provider = "postgresql"\n}\n\nmodel Bill {\n  id Int @id\n}\n'

/** A window that is told to open a file does not restore its tabs. */
function addressWithoutFile(page: Page): string {
  const address = new URL(page.url())
  const payload = JSON.parse(address.searchParams.get('payload') ?? '[]') as [string, string][]
  address.searchParams.set('payload', JSON.stringify(payload.filter(([key]) => key !== 'openFile')))
  return address.href
}

/** What the webview in front shows. */
function shownPage(page: Page): FrameLocator {
  return page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame')
}

const SCREENSHOTS = path.join(__REPOSITORY__, 'test/editor/screenshots')
const FAILURES = path.join(__REPOSITORY__, 'out/test/editor')

/** The tracked ones only where they are asked for, so that a test run changes no file of the repository. */
async function screenshot(page: Page, name: string, folder = SCREENSHOTS): Promise<void> {
  if (folder === SCREENSHOTS && process.env.PRISMA_AUDIT_SCREENSHOTS !== '1') return
  fs.mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: path.join(folder, `${name}.png`), animations: 'disabled' })
}
