import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { ESLint } from 'eslint'
import ts from 'typescript'

/** What `npm run new` creates, and the tests that fail until the work is done. */
const MADE = [
  ['audit-field', 'new-field-by', 'test/unit/audit-fields/new-field-by.test.ts'],
  ['audit-field', 'new-reviewer-id', 'test/unit/audit-fields/new-reviewer-id.test.ts'],
  ['audit-field', 'new-archive-on', 'test/unit/audit-fields/new-archive-on.test.ts'],
  ['check', 'new-check', 'test/unit/migration/new-check-check.test.ts'],
  ['command', 'new-command', 'test/unit/commands/new-command.test.ts'],
  ['finding', 'new-finding', 'test/unit/audit/new-finding.test.ts'],
  ['lint-rule', 'new-lint-rule', 'test/unit/lint/new-lint-rule.test.ts'],
  ['step-kind', 'new-step', 'test/unit/migration/new-step.test.ts'],
] as const

describe('npm run new', function () {
  this.timeout(600_000)
  let copy: string

  before(() => {
    copy = copyRepository()
  })
  after(() => {
    fs.rmSync(copy, { recursive: true, force: true })
  })

  const run = (...words: string[]) => spawnSync(process.execPath, words, { cwd: copy, encoding: 'utf8' })
  const runNew = (kind: string, name: string) => run('scripts/new.mjs', kind, name)

  it('creates files, registration, documentation and a failing test that pass types, style and format', async () => {
    const touched: string[] = []
    for (const [kind, name] of MADE) {
      const { status, stdout, stderr } = runNew(kind, name)
      assert.equal(status, 0, stderr)
      touched.push(...[...stdout.matchAll(/^(?:created|changed) +(\S+)$/gm)].map(([, file = '']) => file))
    }
    const sources = touched.filter((file) => file.endsWith('.ts'))
    // What imports them must compile too.
    const programs = ['client/src/extension.ts', 'client/src/features.ts', 'server/src/main.ts']
    const config = {
      extends: './tsconfig.json',
      include: ['server/src/**/*.d.ts', 'test/support/*.d.ts'],
      files: [...sources, ...programs],
    }
    const file = path.join(copy, 'tsconfig.new.json')
    fs.writeFileSync(file, JSON.stringify(config))
    const program = programOf(file)
    assert.deepEqual(
      ts.getPreEmitDiagnostics(program).map(({ messageText }) => messageText),
      [],
    )
    assert.equal(await styleOf(copy, sources, program), '')
    const { status, stdout: told, stderr } = run('node_modules/prettier/bin/prettier.cjs', '--check', ...touched)
    assert.equal(status, 0, told + stderr)
    const pages = ['unit/audit/findings-page', 'unit/client/contributions', 'unit/lint/lint-page']
    const kept = ['docs/findings.md', 'docs/lint.md', 'package.json', 'the tests of lint']
    const { stdout } = run('scripts/mocha.mjs', '--reporter=json', ...pages, ...MADE.map(([, , test]) => test))
    const report = JSON.parse(stdout) as Record<'passes' | 'failures', { fullTitle: string }[]>
    const passed = report.passes.map(({ fullTitle }) => kept.find((title) => fullTitle.startsWith(title)))
    assert.deepEqual([...new Set(passed)].sort(), kept)
    assert.deepEqual(
      report.failures.map(({ fullTitle }) => /new-\S+/.exec(fullTitle)?.[0]).sort(),
      MADE.map(([, name]) => name).sort(),
    )
  })

  it('changes nothing if the name is taken or invalid', () => {
    const before = fs.readFileSync(path.join(copy, 'server/src/audit/finding.ts'), 'utf8')
    assert.match(runNew('finding', 'index-invalid').stderr, /rules\/index-invalid\.ts exists already/)
    assert.match(runNew('audit-field', 'deleted').stderr, /deleted-by/)
    assert.match(runNew('finding', '../x').stderr, /^Usage: /)
    assert.match(runNew('toString', 'x').stderr, /^Usage: /)
    assert.equal(fs.readFileSync(path.join(copy, 'server/src/audit/finding.ts'), 'utf8'), before)
  })
})

function programOf(config: string): ts.Program {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined }
  const parsed = ts.getParsedCommandLineOfConfigFile(config, {}, host)
  assert.ok(parsed !== undefined)
  return ts.createProgram({ rootNames: parsed.fileNames, options: parsed.options })
}

/** By the types that are known already: a program of its own would find them out once more. */
async function styleOf(folder: string, files: readonly string[], program: ts.Program): Promise<string> {
  const eslint = new ESLint({
    cwd: folder,
    overrideConfig: {
      files: ['**/*.ts'],
      languageOptions: { parserOptions: { programs: [program], project: null } },
    },
  })
  const results = await eslint.lintFiles([...files])
  const checked = results.filter(({ filePath }) => program.getSourceFile(filePath) !== undefined)
  assert.equal(checked.length, new Set(files).size)
  return (await eslint.loadFormatter('stylish')).format(results)
}

function copyRepository(): string {
  const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-new-'))
  const parts = ['client', 'docs', 'l10n', 'protocol', 'scripts', 'server', 'test/support', 'test/unit']
  const files = [
    '.prettierignore',
    '.prettierrc.json',
    'README.md',
    'esbuild.mjs',
    'eslint.config.mjs',
    'package.json',
    'package.nls.json',
    'package.nls.de.json',
  ]
  for (const part of [...parts, ...files, 'tsconfig.json']) {
    fs.cpSync(path.join(__REPOSITORY__, part), path.join(copy, part), { recursive: true })
  }
  fs.symlinkSync(fs.realpathSync(path.join(__REPOSITORY__, 'node_modules')), path.join(copy, 'node_modules'))
  return copy
}
