import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** A separate cache folder for a test, and the one file of findings that Prisma Audit saves in it. */
export class SavedFindingsFolder {
  private readonly home = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-saved-'))

  get environment(): Readonly<Record<string, string>> {
    return { XDG_CACHE_HOME: this.home }
  }

  /** Of the saved findings. */
  files(): string[] {
    const folder = path.join(this.home, 'prisma-audit')
    if (!fs.existsSync(folder)) return []
    const names = fs.readdirSync(folder).filter((name) => name.startsWith('answer-'))
    return names.map((name) => path.join(folder, name))
  }

  /** Changes the saved findings recognizably, so that it shows where they are used. */
  rewrite(change: (text: string) => string): void {
    const [file] = this.files()
    assert(file !== undefined)
    const text = fs.readFileSync(file).subarray(20).toString()
    const changed = Buffer.from(change(text))
    assert.notEqual(changed.toString(), text)
    fs.writeFileSync(file, Buffer.concat([createHash('sha1').update(changed).digest(), changed]))
  }

  remove(): void {
    fs.rmSync(this.home, { recursive: true, force: true })
  }
}
