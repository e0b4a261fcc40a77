import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { commandLine } from '../support/command-line'
import {
  noticesWithoutEnd,
  rowsWithoutEnd,
  startEndlessServer,
  valueWithoutEnd,
  type Flood,
} from '../support/endless-server'

const SCHEMA = 'datasource db {\n  provider = "postgresql"\n}\nmodel Thing {\n  id Int @id\n}\n'

/** Each command has less memory than the answer would take, so it would fall by itself. */
describe('a server whose answer does not end', () => {
  let folder: string
  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-endless-'))
    fs.writeFileSync(path.join(folder, 'schema.prisma'), SCHEMA)
  })
  after(() => fs.rmSync(folder, { recursive: true, force: true }))

  const FLOODS: Readonly<Record<string, Flood>> = {
    'rows of one short value': rowsWithoutEnd(1, 'x'),
    'rows of nulls': rowsWithoutEnd(100, null),
    'rows of more columns than any of ours': rowsWithoutEnd(1600, null),
    'one value': valueWithoutEnd(),
    notices: noticesWithoutEnd(),
  }
  for (const [name, flood] of Object.entries(FLOODS)) {
    it(`${name}: the command ends with an error that says so`, async () => {
      const server = await startEndlessServer(flood)
      try {
        const { stdout, stderr, exitCode } = await commandLine(
          // Where the machine is slow, the flood arrives slowly: it is not the time that is to end it.
          [
            'check',
            '--format',
            'json',
            '--url',
            `postgresql://app@127.0.0.1:${String(server.port)}/shop?connect_timeout=300`,
          ],
          { folder, environment: { NODE_OPTIONS: '--max-old-space-size=1000' } },
        )
        assert.equal(exitCode, 2, stderr)
        const { error } = JSON.parse(stdout) as { error: Record<'code' | 'what' | 'why' | 'nextStep', string> }
        assert.equal(error.code, 'answer-too-large')
        assert.match(error.what, /^The response of the server is too large \(shop on 127\.0\.0\.1:\d+\)\.$/)
        assert.match(error.why, /^It is larger than any catalog, so the connection was closed/)
        assert.match(error.nextStep, /^Check that the connection URL points to a PostgreSQL server/)
      } finally {
        await server.stop()
      }
    })
  }
})
