// code-server from the npm registry, as small as the tests need it: no install scripts and no compiler. Of its native
// parts the file watcher comes compiled, terminals are left out, and file-logger.cjs stands in for the writing of logs.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { CACHE_FOLDER } from './cache.mjs'

const VERSION = '4.100.3'
const FOLDER = path.join(CACHE_FOLDER, `code-server-${VERSION}`)
const VSCODE_FOLDER = path.join(FOLDER, 'node_modules', 'code-server', 'lib', 'vscode')
/** Written last, so that an interrupted installation is not taken for a whole one. */
const COMPLETE = path.join(FOLDER, 'complete')

export async function provisionCodeServer() {
  const chromium = findProgram(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'])
  if (chromium === null) throw new Error('Chromium is not installed')
  const ripgrep = findProgram(['rg'])
  if (ripgrep === null) throw new Error('ripgrep is not installed')
  if (!fs.existsSync(COMPLETE)) await install(ripgrep)
  const logger = path.join(VSCODE_FOLDER, 'node_modules', '@vscode', 'spdlog', 'index.js')
  fs.copyFileSync(path.join(import.meta.dirname, 'file-logger.cjs'), logger)
  return { kind: 'code-server', main: path.join(VSCODE_FOLDER, 'out', 'server-main.js'), chromium }
}

async function install(ripgrep) {
  const began = performance.now()
  fs.rmSync(FOLDER, { recursive: true, force: true })
  fs.mkdirSync(FOLDER, { recursive: true })
  fs.writeFileSync(path.join(FOLDER, 'package.json'), '{ "private": true }\n')
  report(`installing code-server ${VERSION} into ${path.relative(process.cwd(), FOLDER)} (once) …`)
  await npmInstall(FOLDER, [`code-server@${VERSION}`])
  report('installing what its VS Code needs …')
  await npmInstall(VSCODE_FOLDER, [])
  await npmInstall(path.join(VSCODE_FOLDER, 'extensions'), [])
  fs.symlinkSync('node_modules', path.join(VSCODE_FOLDER, 'node_modules.asar'))
  const ripgrepFolder = path.join(VSCODE_FOLDER, 'node_modules', '@vscode', 'ripgrep', 'bin')
  fs.mkdirSync(ripgrepFolder, { recursive: true })
  fs.symlinkSync(ripgrep, path.join(ripgrepFolder, 'rg'))
  fs.writeFileSync(COMPLETE, '')
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
