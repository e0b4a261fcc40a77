import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { URI } from 'vscode-uri'
import {
  CheckProgress,
  ChecksRequest,
  ConfirmRequest,
  RunChecksRequest,
  type CheckProgressValue,
} from '../../protocol/src/index'
import { freePort } from '../support/network'
import { startLspClient, type LspClient } from '../support/lsp-client'

/** No database is needed: what of the list is about one is missing. */
describe("the application's checks in the Test Explorer", () => {
  let folder: string
  let client: LspClient
  const questions: string[] = []
  let answer: string | null = null

  before(async () => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-application-')))
    const schema = 'datasource db {\n  provider = "postgresql"\n}\nmodel User {\n  id Int @id\n}\n'
    fs.writeFileSync(path.join(folder, 'schema.prisma'), schema)
    const ready = `http://127.0.0.1:${String(await freePort())}/`
    const server = `require('node:http').createServer((request, response) => response.end('{"id":1}')).listen(new URL('${ready}').port)`
    const checks = [{ request: 'GET /' }, { name: 'shows who', request: 'GET /users', expect: ['updatedBy'] }]
    const policy = { application: { start: [process.execPath, '-e', server], ready, checks } }
    fs.writeFileSync(path.join(folder, 'prisma-audit.json'), JSON.stringify(policy, null, 2))
    client = await startLspClient({ folder, initializationOptions: { client: { trusted: true } } })
    client.connection.onRequest(ConfirmRequest, ({ message }) => {
      questions.push(message)
      return answer
    })
    client.open(path.join(folder, 'schema.prisma'), schema)
  })
  after(async () => {
    await client.stop()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  it('are listed at their places in the policy, and run together once the user lets the application start', async () => {
    const documentUri = URI.file(path.join(folder, 'schema.prisma')).toString()
    const { checks } = await client.connection.sendRequest(ChecksRequest, { documentUri })
    const policy = fs.readFileSync(path.join(folder, 'prisma-audit.json'), 'utf8').split('\n')
    assert.deepEqual(
      checks.map(({ id, title, model, line }) => [id, title, model, policy[line]?.trim()]),
      [
        ['application/0', 'GET /', 'Application', '"request": "GET /"'],
        ['application/1', 'shows who', 'Application', '"name": "shows who",'],
      ],
    )
    const told: CheckProgressValue[] = []
    client.connection.onProgress(CheckProgress, 'application', (value) => void told.push(value))
    const run = async (): Promise<unknown[]> => {
      told.length = 0
      await client.connection.sendRequest(RunChecksRequest, {
        documentUri,
        ids: ['application/1'],
        progressToken: 'application',
      })
      return told.flatMap((value) => (value.state === 'started' ? [] : [[value.id, value.state, value.found]]))
    }
    const turnedAway = 'The application was not started.'
    assert.deepEqual(await run(), [
      ['application/0', 'skipped', turnedAway],
      ['application/1', 'skipped', turnedAway],
    ])
    answer = 'start'
    assert.deepEqual(await run(), [
      ['application/0', 'pass', '200'],
      ['application/1', 'fail', 'updatedBy: missing'],
    ])
    assert.match(questions[0] ?? '', /^Start the application: /)
    assert.equal(questions.length, 2)
  })
})
