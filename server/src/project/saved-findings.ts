import { createHash } from 'node:crypto'
import fs from 'node:fs'
import type { FileFindings, Finding } from '../audit/finding'
import type { Fingerprint } from '../database/fingerprint'
import { readCached, writeCached } from '../files/cached-files'
import { version } from '../../../package.json'

/** What a project and its database were found to be, in full. */
export interface Answer {
  readonly database: { readonly name: string; readonly serverVersion: string; readonly tables: number }
  readonly models: number
  /** One entry for each file of the schema. */
  readonly files: readonly FileFindings[]
}

/** What an answer hangs on besides the database itself. */
export interface Question {
  /** For each place one answer is saved, the latest: a project and a database, by their names. */
  readonly place: string
  /** Everything that findings are worked out from, by its hash. */
  readonly asked: string
}

export interface SavedFindings {
  readonly answer: Answer
  /** Of the catalog that it is true of. */
  readonly fingerprint: Fingerprint
}

/**
 * What a project asks. The parts are what findings are worked out from, files with their paths and texts; so is the
 * program itself, by its version and its bundle's size and time, which differ between builds of one version.
 */
export function questionOf(place: readonly string[], parts: readonly string[]): Question {
  const { size, mtimeMs } = fs.statSync(__filename)
  return { place: hash(place), asked: hash([version, String(size), String(mtimeMs), ...place, ...parts]) }
}

/** The answer that was saved for the question, or null. It holds while the catalog's fingerprint is the same. */
export function readSavedFindings({ place, asked }: Question): SavedFindings | null {
  const content = readCached(nameOf(place))
  const asBefore = Buffer.from(`${asked}\n`)
  // The answer to another question may be long, and need not be read.
  if (content?.subarray(0, asBefore.length).equals(asBefore) !== true) return null
  return JSON.parse(content.subarray(asBefore.length).toString()) as SavedFindings
}

/** Saves the answer in the user's cache folder, in place of the one before. */
export function saveFindings({ place, asked }: Question, saved: SavedFindings): void {
  const files = saved.answer.files.map(({ file, findings }) => ({ file, findings: findings.map(inEnglishAlone) }))
  const answer = { ...saved.answer, files }
  writeCached(nameOf(place), Buffer.from(`${asked}\n${JSON.stringify({ ...saved, answer })}`))
}

/** A terminal speaks no other language. */
function inEnglishAlone(finding: Finding): Finding {
  const alone = { ...finding }
  delete alone.phrase
  return alone
}

function nameOf(place: string): string {
  return `answer-${place}`
}

/** Each part with its length, so that no two lists have the same bytes. */
function hash(parts: readonly string[]): string {
  const sha = createHash('sha256')
  for (const part of parts) sha.update(`${part.length} `).update(part)
  return sha.digest('hex')
}
