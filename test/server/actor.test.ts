import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { CodeAction, Diagnostic } from 'vscode-languageserver-protocol'
import { URI } from 'vscode-uri'
import {
  ConfirmRequest,
  ExecuteRequest,
  StoredDatabaseUrlRequest,
  UnsavedDocumentsRequest,
  WindowFocusedNotification,
} from '../../protocol/src/index'
import { startLspClient, type LspClient } from '../support/lsp-client'
import { LEAD_SCHEMA } from '../support/lead-schema'

/** It needs no database. */
describe('actor-missing, over LSP', () => {
  let folder: string
  let client: LspClient
  before(async () => {
    folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'prisma-audit-actor-'))
    write('schema.prisma', LEAD_SCHEMA)
    write('prisma-audit.json', '{ "rules": [{ "models": ["Lead"], "require": ["updatedBy"] }] }')
    write('src/db.ts', 'export const db = new PrismaClient({ adapter })\n')
    write('src/leads.ts', "await db.lead.update({ where: { id }, data: { name: 'x' } })\n")
    client = await startLspClient({
      folder,
      initializationOptions: { client: { trusted: true, prismaExtensionInstalled: false } },
    })
    client.connection.onRequest(StoredDatabaseUrlRequest, () => null)
    client.connection.onRequest(UnsavedDocumentsRequest, () => [])
    client.connection.onRequest(ConfirmRequest, ({ choices }) => choices[0]!.id)
  })
  after(async () => {
    await client.stop()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  function write(name: string, text: string): void {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    fs.writeFileSync(path.join(folder, name), text)
  }
  const says = (wanted: RegExp) => (all: readonly Diagnostic[]) =>
    all.length === 1 && all.every(({ message }) => typeof message === 'string' && wanted.test(message))

  it('leads to the module, and ends when a client uses it', async () => {
    const policy = path.join(folder, 'prisma-audit.json')
    const [missing] = await client.diagnostics(policy, says(/^No application code fills updatedById\./))
    assert.equal(missing?.code, 'actor-missing')
    const actions = await client.connection.sendRequest<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri: URI.file(policy).toString() },
      range: missing.range,
      context: { diagnostics: [missing] },
    })
    const command = actions.find(({ isPreferred }) => isPreferred === true)?.command
    assert.equal(command?.command, 'prismaAudit.actor')

    const opened = new Promise((resolve) => {
      client.connection.onRequest('window/showDocument', ({ uri }: { uri: string }) => {
        resolve(uri)
        return { success: true }
      })
    })
    const parameters = { command: 'actor', documentUri: URI.file(policy).toString(), progressToken: 'actor' } as const
    const outcome = await client.connection.sendRequest(ExecuteRequest, parameters)
    assert.equal(outcome.status, 'done', outcome.message)
    const module = path.join(folder, 'src', 'audit-actor.ts')
    assert.equal(await opened, URI.file(module).toString())
    assert.match(fs.readFileSync(module, 'utf8'), /scalar: 'updatedById'/)
    await client.diagnostics(policy, says(/^No Prisma client uses src\/audit-actor\.ts/))

    write('src/db.ts', 'export const db = new PrismaClient({ adapter }).$extends(auditActor)\n')
    void client.connection.sendNotification(WindowFocusedNotification)
    await client.diagnostics(policy, (all) => all.length === 0)
  })
})
