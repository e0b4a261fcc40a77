import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { usePostgres } from '../../support/postgres'
import { provisionedEditor } from '../harness/provisioned'
import { createSampleWorkspace, type SampleWorkspace } from '../harness/workspace'
import { packageExtension, vsixFiles } from './vsix'

describe('the package', () => {
  const postgres = usePostgres()
  let workspace: SampleWorkspace
  let vsix: string

  before(async () => {
    workspace = await createSampleWorkspace(postgres)
    vsix = path.join(path.dirname(workspace.folder), 'prisma-audit.vsix')
  })

  after(() => workspace.remove())

  it('is made of bundled files only', () => {
    const files = packageExtension(vsix)
    assert.deepEqual(
      files.filter((file) => !SHIPPED.some((pattern) => pattern.test(file))),
      [],
    )
    assert.ok(files.includes('dist/extension.js') && files.includes('dist/server.js'), files.join('\n'))
    // What the extension's page shows needs nothing from elsewhere; the pages for more are in the package.
    assert.doesNotMatch(fs.readFileSync(path.join(__REPOSITORY__, 'client/README.md'), 'utf8'), /\]\(/)
    assert.ok(files.includes('docs/findings.md'), files.join('\n'))
    assert.ok(files.includes('package.nls.de.json') && files.includes('l10n/bundle.l10n.de.json'), files.join('\n'))
    assert.ok(files.includes('dist/ThirdPartyNotices.txt') && files.includes('dist/sbom.cdx.json'), files.join('\n'))
  })

  it('is as small as docs/package.md says, with each file in one of its rows', () => {
    const rows = documentedParts()
    const files = vsixFiles(vsix)
    // `npm test` compresses in seconds what a release compresses in a minute (scripts/compressed.mjs).
    const allowance = process.env.PRISMA_AUDIT_QUICK_PACKAGE === '1' ? 1.17 : 1
    const rowsOf = (name: string) => rows.filter(({ patterns }) => patterns.some((pattern) => pattern.test(name)))
    assert.deepEqual(
      files.map(({ name }) => name).filter((name) => rowsOf(name).length !== 1),
      [],
    )
    // With the names that they have in the package: vsce changes some.
    const source = fs.readFileSync(path.join(__REPOSITORY__, 'client/src/documentation.ts'), 'utf8')
    const pages = [...source.matchAll(/'([\w/-]+\.md)'/g)].map(([, page = '']) => `extension/${page}`)
    assert.ok(pages.length > 10)
    assert.deepEqual(
      pages.filter((page) => !files.some(({ name }) => name === page)),
      [],
    )
    const tooLarge = rows.flatMap((row) => {
      const bytes = files.filter(({ name }) => rowsOf(name)[0] === row).reduce((sum, file) => sum + file.bytes, 0)
      return bytes === 0 || bytes > row.most * allowance ? [`${row.part}: ${bytes} bytes`] : []
    })
    assert.deepEqual(tooLarge, [])
    const whole = fs.statSync(vsix).size
    assert.ok(whole < 8_000_000 * allowance, `${whole} bytes`)
  })

  it('installs and checks a schema, with nothing of this repository at hand, in German where VS Code is', async () => {
    const editor = provisionedEditor()
    await editor.installExtension(vsix, workspace.profile)
    const window = await editor.openWindow({
      workspace: workspace.folder,
      file: workspace.schemaFile,
      profile: workspace.profile,
      environment: workspace.environment,
      trusted: true,
      development: false,
      language: 'de',
    })
    try {
      await window.page.locator('.squiggly-warning').first().waitFor()
      const count = editor.hasLanguages ? '3 Befunde' : '3 findings'
      await window.page.locator('.statusbar-item', { hasText: count }).waitFor()
    } finally {
      await window.close()
    }
  })

  it('has a command line that rehearses, migrates and writes the schema, with its compressed WebAssembly', () => {
    const extensions = path.join(workspace.profile, 'extensions')
    const installed = fs.readdirSync(extensions).find((name) => name.startsWith('prisma-audit.')) ?? ''
    // With no Prisma installed the step `generate` is left out, which would take most of the time.
    fs.rmSync(path.join(path.dirname(workspace.folder), 'node_modules'))
    const run = (...words: string[]) => {
      const command = [
        path.join(extensions, installed, 'dist/cli.js'),
        ...words,
        '--cwd',
        path.dirname(path.dirname(workspace.schemaFile)),
      ]
      const { status, stdout, stderr } = spawnSync(process.execPath, command, {
        encoding: 'utf8',
        env: { ...process.env, ...workspace.environment },
      })
      assert.equal(status, 0, stdout + stderr)
    }
    run('run', '--yes', '--rehearse', '--no-backup', '--no-application')
    assert.match(fs.readFileSync(workspace.schemaFile, 'utf8'), /@relation\("UserUpdatedBy"/)
  })
})

/** The rows of docs/package.md. */
function documentedParts(): { readonly part: string; readonly patterns: RegExp[]; readonly most: number }[] {
  const page = fs.readFileSync(path.join(__REPOSITORY__, 'docs/package.md'), 'utf8')
  return [...page.matchAll(/^\| (`.*`) \| ([\d,]+) \|/gm)].map(([, part = '', most = '']) => ({
    part,
    patterns: [...part.matchAll(/`([^`]+)`/g)].map(
      ([, glob = '']) => new RegExp(`^${glob.replace(/[.[\]]/g, '\\$&').replaceAll('*', '.*')}$`),
    ),
    most: Number(most.replaceAll(',', '')),
  }))
}

const SHIPPED = [
  /^package\.json$/,
  /^package\.nls(\.[\w-]+)?\.json$/,
  /^l10n\/bundle\.l10n\.[\w-]+\.json$/,
  /^(CHANGELOG|SECURITY)\.md$/,
  /^client\/README\.md$/,
  /^docs\/[\w-]+\.md$/,
  /^LICENSE(\.txt)?$/,
  /^prisma-audit\.schema(\.[\w-]+)?\.json$/,
  /^dist\//,
  /^client\/(languages|walkthrough)\//,
  /^client\/icon\.png$/,
]
