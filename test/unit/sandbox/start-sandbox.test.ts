import assert from 'node:assert/strict'
import { AuditError } from '../../../server/src/errors'
import { startSandbox } from '../../../server/src/sandbox/start-sandbox'
import { parseSchema } from '../../../server/src/schema/parse-schema'

describe('a sandbox', () => {
  it('is refused for a schema of another database, before a server starts', async () => {
    const schema = parseSchema([{ path: 'schema.prisma', text: 'datasource db {\n  provider = "mysql"\n}\n' }])
    const messages: unknown[] = []
    const options = { schema, schemas: ['public'], defaultSchema: 'public', external: { tables: [], enums: [] } }
    const signal = new AbortController().signal
    await assert.rejects(
      startSandbox({ ...options, signal, onProgress: (message) => messages.push(message) }),
      (error) => error instanceof AuditError && error.code === 'sandbox-not-postgresql',
    )
    assert.deepEqual(messages, [])
  })
})
