import fs from 'node:fs'
import path from 'node:path'
import { AuditError } from '../../errors'
import { makeFolders, remove, removeFile } from '../../platform/lasting-files'
import { untranslated } from '../../text/phrase'

/** Marks a folder as created by the demo, so that the demo never empties another one. */
const MARK = '.prisma-audit-demo'

export function isDemoFolder(folder: string): boolean {
  return fs.existsSync(path.join(folder, MARK))
}

/** The database's own files, next to the sample. */
export function demoDatabaseFolder(folder: string): string {
  return path.join(folder, MARK, 'database')
}

/** Writes a fresh copy of the sample into a folder that is new, empty, or the demo's own. */
export function layOutSample(folder: string): void {
  const isTaken = fs.existsSync(folder) && fs.readdirSync(folder).length > 0 && !isDemoFolder(folder)
  if (isTaken) {
    throw new AuditError('demo-folder-taken', {
      what: untranslated`Cannot create the demo in ${folder}.`,
      why: untranslated`The folder is not empty and was not created by the demo.`,
      nextStep: untranslated`Choose another folder with --directory.`,
    })
  }
  remove(folder)
  makeFolders(demoDatabaseFolder(folder))
  copySampleInto(folder)
}

/** Restores the sample's own files in the folder: a rollback leaves the application's code as edited. */
export function copySampleInto(folder: string): void {
  removeFile(path.join(folder, 'backend', 'src', 'audit-actor.ts'))
  fs.cpSync(path.join(__BUNDLE_FOLDER__, 'sample'), folder, { recursive: true })
}

/** Makes the sample's backend listen on another port, because its own may be taken. */
export function listenOn(folder: string, port: number): void {
  fs.appendFileSync(path.join(folder, 'backend', '.env'), `PORT=${String(port)}\n`)
  const policy = path.join(folder, 'prisma-audit.json')
  fs.writeFileSync(policy, fs.readFileSync(policy, 'utf8').replace('127.0.0.1:3000', `127.0.0.1:${String(port)}`))
}

/** Writes the database's URL into the sample's `.env`. */
export function pointAt(folder: string, url: string): void {
  fs.writeFileSync(path.join(folder, 'backend', '.env'), `DATABASE_URL=${url}\n`, { mode: 0o600 })
}
