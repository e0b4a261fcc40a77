import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { AuditError } from '../../../server/src/errors'
import { findInstallation } from '../../../server/src/generate/find-installation'

/** Outside the repository, whose own node_modules would be found otherwise. */
describe('generate: finding the CLI', () => {
  let root: string
  beforeEach(() => {
    root = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'prisma-audit-find-'))
  })
  afterEach(() => {
    fs.rmSync(root, { recursive: true, force: true })
  })

  function write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true })
      fs.writeFileSync(path.join(root, name), text)
    }
  }

  const INSTALLED = { 'package.json': '{"bin":{"prisma":"build/index.js"}}', 'build/index.js': '' }
  const installIn = (folder: string) => {
    write(Object.fromEntries(Object.entries(INSTALLED).map(([name, text]) => [`${folder}/${name}`, text])))
  }
  const find = () => findInstallation(path.join(root, 'apps/api/prisma/schema.prisma'), root)
  const failure = (): AuditError => {
    try {
      find()
    } catch (error) {
      assert.ok(error instanceof AuditError)
      return error
    }
    assert.fail('it was found')
  }

  it('takes the nearest CLI, and runs it where the configuration is', () => {
    write({ 'apps/api/prisma.config.ts': '', 'apps/api/package.json': '{}', 'package.json': '{}' })
    installIn('node_modules/prisma')
    assert.deepEqual(find(), {
      script: path.join(root, 'node_modules/prisma/build/index.js'),
      folder: path.join(root, 'apps/api'),
      runner: 'npx',
    })
    installIn('apps/api/node_modules/prisma')
    assert.equal(find().script, path.join(root, 'apps/api/node_modules/prisma/build/index.js'))
  })

  it('prefers a configuration further up to a nearer package.json', () => {
    write({ '.config/prisma.ts': '', 'apps/api/package.json': '{}' })
    installIn('node_modules/prisma')
    assert.equal(find().folder, root)
  })

  it('follows the links by which pnpm installs', () => {
    installIn('node_modules/.pnpm/prisma@7.10.0/node_modules/prisma')
    write({ 'pnpm-lock.yaml': '', 'apps/api/package.json': '{}', 'apps/api/node_modules/.keep': '' })
    const link = path.join(root, 'apps/api/node_modules/prisma')
    fs.symlinkSync(path.join(root, 'node_modules/.pnpm/prisma@7.10.0/node_modules/prisma'), link, 'junction')
    const { script, runner } = find()
    assert.equal(script, path.join(link, 'build/index.js'))
    assert.equal(runner, 'pnpm exec')
  })

  it('says how to install it where it is not', () => {
    write({ 'apps/api/package.json': '{}', 'yarn.lock': '', 'node_modules/prisma/package.json': 'half-written {' })
    const error = failure()
    assert.equal(error.code, 'prisma-not-installed')
    assert.match(error.nextStep, /`yarn add --dev prisma` in .*api/)
  })

  it("says how to go on by hand with Yarn Plug'n'Play", () => {
    write({ '.pnp.cjs': '', 'apps/api/package.json': '{}' })
    const error = failure()
    assert.equal(error.code, 'prisma-not-installed')
    assert.match(error.nextStep, /`yarn prisma generate` in .*api/)
  })
})
