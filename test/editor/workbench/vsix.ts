import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

/** Packages the extension as `npm run package` does. */
export function packageExtension(vsix: string): void {
  vsce(
    'package',
    '--no-dependencies',
    '--allow-missing-repository',
    '--no-rewrite-relative-links',
    ...README,
    '--out',
    vsix,
  )
}

/** Packages the extension in another folder. */
export function packageFolder(folder: string, vsix: string): void {
  vsceIn(folder, 'package', '--no-dependencies', '--allow-missing-repository', '--out', vsix)
}

/** The files that are packaged, by their paths in the repository. */
export function packagedFiles(): string[] {
  return vsce('ls', '--no-dependencies', ...README)
    .trim()
    .split('\n')
}

const README = ['--readme-path', 'client/README.md']

function vsce(...words: readonly string[]): string {
  return vsceIn(__REPOSITORY__, ...words)
}

function vsceIn(folder: string, ...words: readonly string[]): string {
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
