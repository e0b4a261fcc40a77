import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { usePostgres } from '../../support/postgres'
import { provisionedEditor } from '../harness/provisioned'
import { createSampleWorkspace, type SampleWorkspace } from '../harness/workspace'

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
    const readme = ['--readme-path', 'client/README.md']
    vsce([
      'package',
      '--no-dependencies',
      '--allow-missing-repository',
      '--no-rewrite-relative-links',
      ...readme,
      '--out',
      vsix,
    ])
    const files = vsce(['ls', '--no-dependencies', ...readme])
      .trim()
      .split('\n')
    assert.deepEqual(
      files.filter((file) => !SHIPPED.some((pattern) => pattern.test(file))),
      [],
    )
    assert.ok(files.includes('dist/extension.js') && files.includes('dist/server.js'), files.join('\n'))
    assert.ok(fs.statSync(vsix).size > 0)
    // What the extension's page shows needs nothing from elsewhere; the pages for more are in the package.
    assert.doesNotMatch(fs.readFileSync(path.join(__REPOSITORY__, 'client/README.md'), 'utf8'), /\]\(/)
    assert.ok(files.includes('docs/findings.md'), files.join('\n'))
    assert.ok(files.includes('package.nls.de.json') && files.includes('l10n/bundle.l10n.de.json'), files.join('\n'))
    assert.ok(files.includes('dist/ThirdPartyNotices.txt') && files.includes('dist/sbom.cdx.json'), files.join('\n'))
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
})

const SHIPPED = [
  /^package\.json$/,
  /^package\.nls(\.de)?\.json$/,
  /^l10n\/bundle\.l10n\.de\.json$/,
  /^(CHANGELOG|SECURITY)\.md$/,
  /^client\/README\.md$/,
  /^docs\/[\w-]+\.md$/,
  /^LICENSE(\.txt)?$/,
  /^prisma-audit\.schema\.json$/,
  /^dist\//,
  /^client\/(languages|walkthrough)\//,
  /^client\/icon\.png$/,
]

function vsce(words: readonly string[]): string {
  const program = path.join(__REPOSITORY__, 'node_modules/@vscode/vsce/vsce')
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], {
    cwd: __REPOSITORY__,
    encoding: 'utf8',
  })
  assert.equal(status, 0, stdout + stderr)
  return stdout
}
