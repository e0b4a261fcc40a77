import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { commandLine } from '../support/command-line'

describe('starting from what the compiler kept of the last run', () => {
  let home: string
  let cache: string

  beforeEach(() => {
    home = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-start-'))
    cache = path.join(home, 'prisma-audit')
  })
  afterEach(() => fs.rmSync(home, { recursive: true, force: true }))

  async function check(environment: Readonly<Record<string, string>> = {}): Promise<void> {
    const { exitCode, stdout, stderr } = await commandLine(['--version'], {
      folder: home,
      environment: { XDG_CACHE_HOME: home, ...environment },
    })
    assert.deepEqual({ exitCode, stderr }, { exitCode: 0, stderr: '' })
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/)
  }

  function kept(): string {
    const names = fs.readdirSync(cache)
    assert.equal(names.length, 1, names.join())
    return path.join(cache, names[0]!)
  }

  it('keeps it in a folder and a file of the user’s own, once', async () => {
    await check()
    const { mtimeMs, size } = fs.statSync(kept())
    assert.ok(size > 50_000)
    if (process.platform !== 'win32') {
      assert.equal(fs.statSync(cache).mode & 0o777, 0o700)
      assert.equal(fs.statSync(kept()).mode & 0o777, 0o600)
    }
    await check()
    assert.equal(fs.statSync(kept()).mtimeMs, mtimeMs)
  })

  it('runs all the same where that was cut off or spoilt, and keeps it anew', async () => {
    await check()
    const whole = fs.readFileSync(kept())
    for (const spoilt of [whole.subarray(0, 1000), Buffer.alloc(0), Buffer.from(whole).fill(1, 5000, 9000)]) {
      fs.writeFileSync(kept(), spoilt)
      await check()
      assert.ok(fs.statSync(kept()).size > 50_000)
      assert.ok(!fs.readFileSync(kept()).equals(spoilt))
    }
  })

  it('does not run what others may write', async function () {
    if (process.platform === 'win32') this.skip()
    await check()
    fs.chmodSync(kept(), 0o666)
    await check()
    assert.equal(fs.statSync(kept()).mode & 0o777, 0o600)
  })

  it('runs where nothing can be kept, and keeps nothing where that is not wanted', async () => {
    fs.writeFileSync(cache, 'a file stands in the way')
    await check()
    fs.rmSync(cache)
    await check({ NODE_DISABLE_COMPILE_CACHE: '1' })
    assert.ok(!fs.existsSync(cache))
  })

  it('can be called by its name, as npm links it', function () {
    if (process.platform === 'win32') this.skip()
    const answer = execFileSync(path.join(__BUNDLE_FOLDER__, 'cli.js'), ['--version'], { encoding: 'utf8' })
    assert.match(answer, /^\d+\.\d+\.\d+\n$/)
  })
})
