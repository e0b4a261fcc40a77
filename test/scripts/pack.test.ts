import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { commandLine } from '../support/command-line'

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
    readonly 'bom-ref': string
    readonly name: string
    readonly version?: string
    readonly purl?: string
    /** Not of the crates in Prisma's WebAssembly. */
    readonly licenses?: readonly { readonly license: { readonly id: string } }[]
  }[]
}

describe('npm pack', function () {
  this.timeout(600_000)
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

  it('says how each command is used, and checks a schema against its migrations', async () => {
    const folder = path.dirname(path.dirname(installed))
    const script = path.join(installed, 'dist', 'cli.js')
    const run = (...words: string[]) => commandLine(words, { folder, script })
    const commands = [...(await run('--help')).stdout.matchAll(/^ {2}([a-z]+) \[options\]/gm)].map(
      ([, name = '']) => name,
    )
    assert.ok(commands.length >= 19, commands.join(' '))
    await Promise.all(
      commands.map(async (name) => {
        const { exitCode, stdout } = await run(name, '--help')
        assert.deepEqual([exitCode, stdout.startsWith(`Usage: prisma-audit ${name} `)], [0, true], stdout)
      }),
    )
    const migration = path.join(folder, 'migrations', '20260101000000_init', 'migration.sql')
    fs.mkdirSync(path.dirname(migration), { recursive: true })
    fs.writeFileSync(migration, 'CREATE TABLE "User" ("id" BIGINT PRIMARY KEY);\n')
    const { exitCode, stdout, stderr } = await run('check', '--replay')
    assert.match(stdout, /column-type .*\n\n.*compared with 1 replayed migration /, stderr)
    assert.equal(exitCode, 1)
  })

  it('lints as the hooks for pre-commit say, deleted migrations too', () => {
    const repository = path.dirname(path.dirname(installed))
    const git = (...words: string[]) => {
      const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgsign=false']
      const { status, stderr } = spawnSync('git', [...identity, ...words], { cwd: repository, encoding: 'utf8' })
      assert.equal(status, 0, stderr)
    }
    git('init', '-q')
    git('add', 'schema.prisma', 'migrations')
    git('commit', '-q', '-m', 'as it was')
    git('update-ref', 'refs/remotes/origin/HEAD', 'HEAD')
    const hooks = fs
      .readFileSync(path.join(__REPOSITORY__, '.pre-commit-hooks.yaml'), 'utf8')
      .split(/^- id: /m)
      .slice(1)
    const runHooks = () =>
      hooks.map((hook) => {
        const given = (name: string) => new RegExp(`^  ${name}: (.*)$`, 'm').exec(hook)?.[1] ?? ''
        const words = [...given('entry').split(' '), ...given('args').replace(/[[\]]/g, '').split(', ')]
        const { status, stdout } = spawnSync(words[0] ?? '', words.slice(1), { cwd: repository, encoding: 'utf8' })
        return { status, stdout, always: given('always_run') }
      })
    assert.deepEqual(
      runHooks().map(({ status, always }) => [status, always]),
      [
        [0, ''],
        [0, 'true'],
      ],
    )
    git('rm', '-q', '-r', 'migrations')
    for (const { status, stdout } of runHooks()) {
      assert.equal(status, 1, stdout)
      assert.match(stdout, /20260101000000_init[^]*migration-edited[^]*deleted/)
    }
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
    const crates = bill.components.filter(({ purl }) => purl?.startsWith('pkg:cargo/') === true)
    for (const name of ['regex', 'serde_json'])
      assert.ok(
        crates.some((crate) => crate.name === name),
        name,
      )
    for (const { name, version } of crates) assert.ok(notices.includes(`  ${name} ${version ?? ''}\n`), name)
    // Both name the same, each once.
    const titled = [...notices.matchAll(/^-{80}\n(.+) \([^)\n]+\)\n-{80}$/gm)].map(([, title]) => title)
    const named = bill.components.filter((component) => !crates.includes(component))
    assert.deepEqual(titled.sort(), named.map(({ name, version }) => [name, version].filter(Boolean).join(' ')).sort())
    assert.equal((notices.match(/^ {2}[\w-]+ \d+\.\d+\.\d+\S*$/gm) ?? []).length, crates.length)
    const references = bill.components.map((component) => component['bom-ref'])
    assert.equal(new Set(references).size, references.length)
    for (const component of bill.components) {
      const { name, version, licenses = [] } = component
      assert.equal(licenses.length, crates.includes(component) ? 0 : 1, name)
      for (const { license } of licenses) {
        assert.ok(PERMISSIVE.includes(license.id), `${name}: ${license.id}`)
        const title = `${[name, version].filter(Boolean).join(' ')} (${license.id})\n`
        const [, text = ''] = notices.split(title)
        assert.match(text.split(/^-{80}$/m)[1] ?? '', /permission|permitted|granted|licen[cs]e/i, title)
      }
    }
  })

  it('names each package in the source maps of the bundles, also one that another package had bundled', () => {
    // A build for development has source maps.
    const dist = path.join(folder, 'development')
    const build = spawnSync(process.execPath, ['esbuild.mjs', `--outdir=${dist}`], { cwd: __REPOSITORY__ })
    assert.equal(build.status, 0, String(build.stderr))
    const bill = JSON.parse(fs.readFileSync(path.join(dist, 'sbom.cdx.json'), 'utf8')) as BillOfMaterials
    const named = new Set(bill.components.map(({ name }) => name))
    const maps = fs.readdirSync(dist).filter((name) => name.endsWith('.map'))
    assert.ok(maps.includes('main.js.map') && maps.includes('embedded-server.mjs.map'), maps.join(' '))
    const inside = maps.flatMap((name) => {
      const { sources } = JSON.parse(fs.readFileSync(path.join(dist, name), 'utf8')) as { sources: string[] }
      return sources.flatMap((source) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1] ?? [])
    })
    assert.ok(new Set(inside).size > 40)
    const unnamed = [...new Set(inside)].filter((name) => !named.has(name) && !OF_THE_PARSER.includes(name))
    assert.deepEqual(unnamed, [], 'add it to LINKED in scripts/third-party-notices.mjs')
  })

  it('ships nothing but what is ours, is bundled, or comes from a package that is named', () => {
    const files = fs
      .readdirSync(path.join(installed, 'dist'), { recursive: true, encoding: 'utf8' })
      .map((name) => name.split(path.sep).join('/'))
      .filter((name) => !name.startsWith('sample/') && fs.statSync(path.join(installed, 'dist', name)).isFile())
    assert.deepEqual(
      files.filter((name) => !SHIPPED.some((pattern) => pattern.test(name))),
      [],
    )
    for (const pattern of SHIPPED)
      assert.ok(
        files.some((name) => pattern.test(name)),
        String(pattern),
      )
  })
})

/** Of Babel's own repository, under the licence of the parser that bundles them. */
const OF_THE_PARSER = ['@babel/babel-helper-string-parser', '@babel/babel-helper-validator-identifier']

/**
 * Our texts and bundles; the files of PGlite and its extensions, of its tools, of libpg-query and of Prisma's parser.
 */
const SHIPPED = [
  /^(?:package|texts\.[\w-]+|sbom\.cdx)\.json$|^ThirdPartyNotices\.txt$/,
  /^(?:action\/)?[\w-]+\.m?js$/,
  /^pglite(?:\.data|\.wasm|-data\.tar\.br)$|^extensions\/[\w-]+\.tar$/,
  /^pg_dump\.wasm$/,
  /^libpg-query\.wasm$/,
  /^prisma_schema_build_bg\.wasm$/,
]
