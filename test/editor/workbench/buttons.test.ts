import fs from 'node:fs'
import path from 'node:path'
import { Client } from 'pg'
import type { Locator, Page } from 'playwright-core'
import { usePostgres } from '../../support/postgres'
import type { EditorWindow } from '../harness/editor'
import { openSampleWindow } from '../harness/sample-window'
import { createSampleWorkspace, type SampleWorkspace } from '../harness/workspace'
import { runCommand } from './run-command'

const FOLDER = path.join(__REPOSITORY__, 'out/test/editor/buttons')

/**
 * The buttons of what goes wrong: a lock, a cancelled run, a server that is away or refuses, a backup that fails. What
 * they do is tested over LSP; that they are there and lead there is seen here: `node scripts/editor/run.mjs buttons`.
 */
describe('the buttons of what goes wrong', () => {
  const postgres = usePostgres()
  let workspace: SampleWorkspace
  let window: EditorWindow
  let page: Page
  let holders: Client[] = []

  before(async () => {
    fs.mkdirSync(FOLDER, { recursive: true })
    workspace = await createSampleWorkspace(postgres)
    window = await openSampleWindow(workspace)
    page = window.page
    await page.locator('.squiggly-warning').first().waitFor()
  })
  after(async () => {
    await window.close()
    await workspace.remove()
  })
  afterEach(async function () {
    await Promise.all(holders.map((each) => each.end().catch(() => undefined)))
    holders = []
    await picture(`${this.currentTest?.state ?? ''}-${(this.currentTest?.title ?? '').replace(/\W+/g, '-')}`)
    await page.keyboard.press('Escape')
    await runCommand(page, 'Notifications: Clear All Notifications')
  })

  const picture = (name: string) => page.screenshot({ path: path.join(FOLDER, `${name}.png`), animations: 'disabled' })
  const toast = (text: string | RegExp) =>
    page.locator('.notifications-toasts .notification-list-item', { hasText: text })
  const press = (place: Locator, name: string | RegExp) => place.getByRole('button', { name }).click()
  const dialog = (text: string | RegExp) => page.locator('.monaco-dialog-box', { hasText: text })

  /** A reader in an open transaction: a backup passes it, an ALTER TABLE does not. */
  async function holdLock(): Promise<Client> {
    const client = new Client({ connectionString: workspace.database.url, application_name: 'psql of a colleague' })
    client.on('error', () => undefined)
    holders.push(client)
    await client.connect()
    await client.query('BEGIN')
    await client.query('LOCK TABLE "User" IN ACCESS SHARE MODE')
    return client
  }

  async function startMigration(): Promise<void> {
    await page.keyboard.press('F1')
    await page.keyboard.type('Prisma Audit: Run Migration')
    // The guided run comes first in the palette.
    await page
      .locator('.quick-input-list .monaco-list-row .label-name', { hasText: /^Prisma Audit: Run Migration$/ })
      .click()
    await runReviewed()
    await press(dialog('Migrate '), 'Migrate')
  }

  const runReviewed = () =>
    page.locator('.editor-actions').getByRole('button', { name: 'Run the Migration Under Review' }).click()

  const useUrl = (url: string) =>
    fs.writeFileSync(path.join(workspace.folder, 'backend', '.env'), `DATABASE_URL=${url}\n`)

  it('a lock: Keep Waiting, then Stop, then Continue', async () => {
    const holder = await holdLock()
    await startMigration()
    await dialog('Keep waiting?').waitFor()
    await picture('lock')
    await press(dialog('Keep waiting?'), 'Keep Waiting')
    await dialog('Keep waiting?').waitFor({ state: 'detached' })
    // It comes again a minute later.
    await dialog('Keep waiting?').waitFor({ timeout: 180_000 })
    await press(dialog('Keep waiting?'), 'Stop')
    await toast(/Roll Back/).waitFor()
    await picture('stopped')
    await holder.end()
    await press(toast(/Roll Back/), 'Continue')
    await runReviewed()
    await press(dialog('Continue the unfinished migration'), 'Continue')
    await toast('Migrated').waitFor()
  }).timeout(400_000)

  it('a run that was cancelled: Roll Back', async () => {
    await runCommand(page, 'Prisma Audit: Roll Back Migration')
    await press(dialog('Roll back'), 'Roll Back')
    await toast(/[Rr]olled back/).waitFor()
    await runCommand(page, 'Notifications: Clear All Notifications')
    const holder = await holdLock()
    await startMigration()
    await dialog('Keep waiting?').waitFor()
    await press(dialog('Keep waiting?'), 'Stop')
    await toast(/Roll Back/).waitFor()
    await holder.end()
    await press(toast(/Roll Back/), 'Roll Back')
    await press(dialog('Roll back'), 'Roll Back')
    await toast(/[Rr]olled back/).waitFor()
  })

  it('a lock: Terminate the Other Session', async () => {
    await holdLock()
    await startMigration()
    await press(dialog('Keep waiting?'), 'Terminate the Other Session')
    await dialog('Terminate the session').waitFor()
    await picture('terminate')
    await press(dialog('Terminate the session'), 'Terminate')
    await toast('Migrated').waitFor()
    await runCommand(page, 'Prisma Audit: Roll Back Migration')
    await press(dialog('Roll back'), 'Roll Back')
    await toast(/[Rr]olled back/).waitFor()
  })

  it('a backup that fails: Retry', async () => {
    const backups = path.join(workspace.folder, 'backups')
    fs.rmSync(backups, { recursive: true, force: true })
    fs.writeFileSync(backups, '')
    await runCommand(page, 'Prisma Audit: Back Up Database')
    await toast('Retry').waitFor()
    await picture('backup')
    fs.rmSync(backups)
    await press(toast('Retry'), 'Retry')
    await toast(/Backed up to/).waitFor()
  })

  it('a server that is away: Connect to Database…, then Retry', async () => {
    useUrl('postgresql://nobody@127.0.0.1:1/crm')
    await page.locator('.statusbar-item', { hasText: 'Prisma Audit: offline' }).waitFor()
    await runCommand(page, 'Prisma Audit: Check Schema Against Database')
    await toast('Retry').waitFor()
    await picture('unreachable')
    await press(toast('Retry'), /^Connect to Database/)
    await page.locator('.quick-input-title', { hasText: 'Connect to Database' }).waitFor()
    await picture('unreachable-connect')
    await page.keyboard.press('Escape')
    await runCommand(page, 'Prisma Audit: Check Schema Against Database')
    await toast('Retry').waitFor()
    useUrl(workspace.database.url)
    await press(toast('Retry'), 'Retry')
    await toast('finding').waitFor()
  })

  it('a login that is refused: Connect to Database…, and the URL stays as it was typed', async () => {
    const wrong = new URL(workspace.database.url)
    wrong.password = 'wrong'
    useUrl(wrong.href)
    const told = toast(/Don't Show Again/)
    await told.waitFor()
    await picture('refused')
    await press(told, /^Connect to Database/)
    await page.locator('.quick-input-title', { hasText: 'Connect to Database' }).waitFor()
    await page.keyboard.type(wrong.href)
    await page.keyboard.press('Enter')
    await page.locator('.quick-input-message', { hasText: 'password' }).waitFor()
    await picture('refused-typed')
    await page.keyboard.press('Control+a')
    await page.keyboard.type(workspace.database.url)
    await page.keyboard.press('Enter')
    await toast('Connected to').waitFor()
  })
})
