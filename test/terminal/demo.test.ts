import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import readline from 'node:readline'
import { commandLine } from '../support/command-line'

const ELSEWHERE = 'postgresql://user@127.0.0.1:1/elsewhere'

describe('the demo', () => {
  it('runs the whole workflow on an embedded database, and the rollback leaves an equal dump', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-demo-'))
    try {
      const { exitCode, stdout, stderr } = await commandLine(['demo', '--directory', path.join(folder, 'demo')], {
        folder,
        // Databases of the user: no command of the demo may connect to them.
        environment: { DATABASE_URL: ELSEWHERE, PRISMA_AUDIT_DATABASE_URL: ELSEWHERE },
      })
      assert.equal(exitCode, 0, stdout + stderr)
      assert.match(stdout, /Dumps of the database before and after, ignoring the order of rows: equal/)
      assert.match(stdout, /missing-owner-id/)
    } finally {
      fs.rmSync(folder, { recursive: true, force: true })
    }
  }).timeout(600_000)
})

describe('the sandbox', () => {
  it('prints a URL that another command can use, and ends with Ctrl-C', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-sandbox-'))
    fs.writeFileSync(path.join(folder, 'schema.prisma'), SCHEMA)
    const child = spawn(process.execPath, [path.join(__BUNDLE_FOLDER__, 'cli.js'), 'sandbox'], { cwd: folder })
    try {
      const [url] = (await once(readline.createInterface(child.stdout), 'line')) as [string]
      const { exitCode, stdout, stderr } = await commandLine(['check', '--url', url], { folder })
      assert.equal(exitCode, 0, stdout + stderr)
      assert.ok(!(stdout + stderr).includes(new URL(url).password))
    } finally {
      const closed = once(child, 'close')
      child.kill('SIGINT')
      const [code] = (await closed) as [number]
      fs.rmSync(folder, { recursive: true, force: true })
      assert.equal(code, 0)
    }
  }).timeout(600_000)
})

const SCHEMA = `datasource db {
  provider = "postgresql"
}

model User {
  id Int @id
}
`
