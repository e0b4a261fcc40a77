import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { startLspClient } from '../support/lsp-client'

/** Writes at the end of a process how much room V8 gave to what is young. */
const PROBE = `const { getHeapSpaceStatistics } = require('node:v8')
process.on('exit', () => {
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')
  require('node:fs').writeFileSync(process.env.PROBED_INTO, String(young.space_size))
})
`

describe('the language server keeps its heap small', () => {
  let folder: string

  beforeEach(() => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-heap-')))
  })
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

  it('also with a large schema, for which V8 by itself takes four times the room', async () => {
    const probe = path.join(folder, 'probe.cjs')
    const result = path.join(folder, 'young')
    fs.writeFileSync(probe, PROBE)
    const fields = Array.from({ length: 8 }, (_, field) => `  field${field} String? @db.VarChar(${field + 10})`).join(
      '\n',
    )
    const models = Array.from({ length: 800 }, (_, model) => `model M${model} {\n  id Int @id\n${fields}\n}\n`)
    const file = path.join(folder, 'schema.prisma')
    const text = `datasource db {\n  provider = "postgresql"\n}\n\n${models.join('\n')}`
    fs.writeFileSync(file, text)
    const client = await startLspClient({
      folder,
      environment: { NODE_OPTIONS: `--require ${JSON.stringify(probe)}`, PROBED_INTO: result },
    })
    client.open(file, text)
    await client.diagnostics(file, (diagnostics) => diagnostics.length >= 800)
    await client.stop()
    assert.ok(Number(fs.readFileSync(result, 'utf8')) <= 8 * 1024 * 1024)
  })
})
