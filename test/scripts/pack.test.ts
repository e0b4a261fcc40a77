import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** Licences that ask for their text and nothing else. */
const PERMISSIVE = [
  ...['Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT', 'PostgreSQL', 'Unicode-3.0', 'Zlib'],
]

const SCHEMA = `datasource db {
  provider = "postgresql"
}

model User {
  id Int @id
}
`

interface BillOfMaterials {
  readonly bomFormat: string
  readonly components: readonly {
    readonly name: string
    readonly version?: string
    readonly licenses: readonly { readonly license: { readonly id: string } }[]
  }[]
}

describe('npm pack', function () {
  this.timeout(120_000)
  let folder: string
  let installed: string

  before(() => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-pack-')))
    const empty = path.join(folder, 'empty')
    fs.mkdirSync(empty)
    npm(['pack', '--ignore-scripts', '--pack-destination', folder], __REPOSITORY__)
    const [tarball = ''] = fs.readdirSync(folder).filter((name) => name.endsWith('.tgz'))
    // Offline: nothing but the tarball is needed.
    npm(['install', '--offline', '--no-audit', '--no-fund', path.join(folder, tarball)], empty)
    installed = path.join(empty, 'node_modules', 'prisma-audit')
  })
  after(() => {
    fs.rmSync(folder, { recursive: true, force: true })
  })

  function npm(words: readonly string[], cwd: string): string {
    const { status, stdout, stderr } = spawnSync('npm', words, { cwd, encoding: 'utf8' })
    assert.equal(status, 0, stderr)
    return stdout
  }

  it('gives a package that runs in an empty folder, with nothing else to install', () => {
    const { version } = JSON.parse(fs.readFileSync(path.join(installed, 'package.json'), 'utf8')) as { version: string }
    const empty = path.dirname(path.dirname(installed))
    assert.deepEqual(
      fs.readdirSync(path.dirname(installed)).filter((name) => !name.startsWith('.')),
      ['prisma-audit'],
    )
    assert.equal(npm(['exec', '--offline', '--', 'prisma-audit', '--version'], empty).trim(), version)
    const sql = path.join(empty, 'delete.sql')
    fs.writeFileSync(path.join(empty, 'schema.prisma'), SCHEMA)
    fs.writeFileSync(sql, 'DELETE FROM "User";\n')
    const lint = spawnSync('npx', ['--offline', 'prisma-audit', 'lint', sql], { cwd: empty, encoding: 'utf8' })
    assert.match(lint.stdout, /DELETE/)
    assert.equal(lint.status, 1, lint.stderr)
  })

  it('names what others wrote, with the text of each licence', () => {
    const notices = fs.readFileSync(path.join(installed, 'dist', 'ThirdPartyNotices.txt'), 'utf8')
    const bill = JSON.parse(fs.readFileSync(path.join(installed, 'dist', 'sbom.cdx.json'), 'utf8')) as BillOfMaterials
    assert.equal(bill.bomFormat, 'CycloneDX')
    const names = bill.components.map(({ name }) => name)
    for (const name of [
      '@electric-sql/pglite',
      '@prisma/prisma-schema-wasm',
      'libpg_query',
      'openssl',
      'pg',
      'postgresql',
    ]) {
      assert.ok(names.includes(name), name)
    }
    for (const { name, version, licenses } of bill.components) {
      for (const { license } of licenses) {
        assert.ok(PERMISSIVE.includes(license.id), `${name}: ${license.id}`)
        const title = `${[name, version].filter(Boolean).join(' ')} (${license.id})\n`
        const [, text = ''] = notices.split(title)
        assert.match(text.split(/^-{80}$/m)[1] ?? '', /permission|permitted|granted|licen[cs]e/i, title)
      }
    }
  })
})
