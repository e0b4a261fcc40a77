import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { startLspClient, type LspClient } from '../support/lsp-client'

const MODELS = 10_000
const AUDIT_FIELDS = ['updatedAt', 'updatedBy', 'ownerId']

describe('the language server, with the memory that VS Code gives it', () => {
  let folder: string
  let file: string
  let client: LspClient

  before(async () => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-huge-')))
    file = path.join(folder, 'schema.prisma')
    const policy = { userModel: 'Model0', rules: [{ models: ['*'], require: AUDIT_FIELDS }] }
    fs.writeFileSync(path.join(folder, 'prisma-audit.json'), JSON.stringify(policy))
    client = await startLspClient({ folder })
  })
  after(async () => {
    await client.stop()
    fs.rmSync(folder, { recursive: true })
  })

  it(`checks and follows a schema of ${MODELS} models, each with findings`, async function () {
    const models = Array.from({ length: MODELS }, (_, index) => modelText(`Model${index}`))
    const text = `datasource db {\n  provider = "postgresql"\n}\n${models.join('')}`
    const perModel = AUDIT_FIELDS.length
    fs.writeFileSync(file, text)
    client.open(file, text)
    await client.diagnostics(file, ({ length }) => length === MODELS * perModel)
    client.change(file, `${text}${modelText('Another')}`)
    const changed = await client.diagnostics(file, ({ length }) => length === (MODELS + 1) * perModel)
    assert.match(JSON.stringify(changed.at(-1)), /Another/)
  })
})

function modelText(name: string): string {
  return `model ${name} {
  id     Int      @id @default(autoincrement())
  code   String   @unique @db.VarChar(64)
  amount Decimal  @default(0) @db.Decimal(12, 2)
  made   DateTime @default(now())
  @@index([made(sort: Desc)])
}
`
}
