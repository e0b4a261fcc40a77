// `node scripts/editor/run.mjs [trusted|untrusted|person|package …]`: the editor tests, in a real VS Code; `newest`
// and `agents`, which are no part of `npm test`: the VSIX in the newest that code-server has. Builds what
// they need unless `--built` says that dist/ is fresh. The last line is `{"passed":N,"failed":N}`.
import { spawn } from 'node:child_process'
import path from 'node:path'
import { bundleProduct, bundleTests } from '../../esbuild.mjs'
import { provisionCodeServer } from './code-server.mjs'
import { provisionEditor } from './provision.mjs'

const root = path.resolve(import.meta.dirname, '..', '..')
const words = process.argv.slice(2)
/** Tests of what the oldest supported VS Code does not have. */
const NEWEST = ['newest', 'agents']

const editor = words.some((word) => NEWEST.includes(word))
  ? await provisionCodeServer({ newest: true })
  : await provisionEditor()
if (!words.includes('--built')) await bundleProduct({ production: false })
await bundleTests([path.join('test', 'editor')])

const tests = spawn(
  process.execPath,
  [
    '--enable-source-maps',
    path.join(root, 'out', 'test', 'editor', 'harness', 'main.js'),
    ...words.filter((word) => !word.startsWith('--')),
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, PRISMA_AUDIT_PROVISIONED_EDITOR: JSON.stringify(editor) } },
)
process.exitCode = await new Promise((resolve) => tests.on('close', (code) => resolve(code ?? 1)))
