import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

/**
 * Packages the extension as `npm run package` does; returns the packaged files by their paths in the repository. In a
 * copy of it, since packaging builds dist/ again, which other tests use meanwhile.
 */
export function packageExtension(vsix: string): string[] {
  const copy = `${vsix}-sources`
  copyRepository(copy)
  try {
    packageFolder(copy, vsix, '--no-rewrite-relative-links', ...README)
    return vsce(copy, 'ls', '--no-dependencies', ...README)
      .trim()
      .split('\n')
  } finally {
    fs.rmSync(copy, { recursive: true, force: true })
  }
}

/** Packages the extension in another folder. */
export function packageFolder(folder: string, vsix: string, ...words: readonly string[]): void {
  vsce(folder, 'package', '--no-dependencies', '--allow-missing-repository', ...words, '--out', vsix)
}

/** Without what Git ignores at the root; packages are linked. */
function copyRepository(copy: string): void {
  const ignored = new Set(['.git', ...fs.readFileSync(path.join(__REPOSITORY__, '.gitignore'), 'utf8').split(/[\n/]+/)])
  for (const name of fs.readdirSync(__REPOSITORY__).filter((each) => !ignored.has(each))) {
    fs.cpSync(path.join(__REPOSITORY__, name), path.join(copy, name), { recursive: true, filter: isNoPackage })
  }
  fs.symlinkSync(fs.realpathSync(path.join(__REPOSITORY__, 'node_modules')), path.join(copy, 'node_modules'))
}

const isNoPackage = (file: string) => path.basename(file) !== 'node_modules'

const README = ['--readme-path', 'client/README.md']

function vsce(folder: string, ...words: readonly string[]): string {
  const program = path.join(__REPOSITORY__, 'node_modules/@vscode/vsce/vsce')
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], {
    cwd: folder,
    encoding: 'utf8',
  })
  assert.equal(status, 0, stdout + stderr)
  return stdout
}

/** The files in a VSIX, which is a ZIP archive, with their bytes in it. */
export function vsixFiles(file: string): { readonly name: string; readonly bytes: number }[] {
  const archive = fs.readFileSync(file)
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06'))
  const count = archive.readUInt16LE(end + 10)
  const files = []
  for (let at = archive.readUInt32LE(end + 16), index = 0; index < count; index++) {
    const [name, extra, comment] = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ]
    files.push({
      name: archive.toString('utf8', at + CENTRAL_HEADER, at + CENTRAL_HEADER + name),
      bytes: archive.readUInt32LE(at + 20),
    })
    at += CENTRAL_HEADER + name + extra + comment
  }
  return files
}

const CENTRAL_HEADER = 46
