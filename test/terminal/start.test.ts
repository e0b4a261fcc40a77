import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { commandLine } from '../support/command-line'

/** Node 22 and later have a compile cache; on Node 20 the command only starts slower. */
const HAS_COMPILE_CACHE = Number(process.versions.node.split('.')[0]) >= 22

describe('starting the command line', () => {
  let home: string
  let cache: string

  beforeEach(() => {
    home = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-start-'))
    cache = path.join(home, 'prisma-audit')
  })
  afterEach(() => fs.rmSync(home, { recursive: true, force: true }))

  async function start(environment: Readonly<Record<string, string>> = {}): Promise<void> {
    const { exitCode, stdout, stderr } = await commandLine(['--version'], {
      folder: home,
      environment: { XDG_CACHE_HOME: home, ...environment },
    })
    assert.deepEqual({ exitCode, stderr }, { exitCode: 0, stderr: '' })
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/)
  }

  it('saves compiled code in the user’s own folder, where Node can', async function () {
    if (!HAS_COMPILE_CACHE || process.platform !== 'linux') this.skip()
    await start()
    assert.ok(fs.readdirSync(path.join(cache, 'compiled')).length > 0)
  })

  it('starts where nothing can be saved, and saves nothing where that is not wanted', async () => {
    fs.writeFileSync(cache, 'a file stands in the way')
    await start()
    fs.rmSync(cache)
    await start({ PRISMA_AUDIT_CACHE: 'off' })
    assert.ok(!fs.existsSync(cache))
  })

  it('can be called by its name, as npm links it', function () {
    if (process.platform === 'win32') this.skip()
    const answer = execFileSync(path.join(__BUNDLE_FOLDER__, 'cli.js'), ['--version'], { encoding: 'utf8' })
    assert.match(answer, /^\d+\.\d+\.\d+\n$/)
  })
})
