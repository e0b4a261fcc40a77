import { createHash } from 'node:crypto'
import fs from 'node:fs'
import type { FileFindings, Finding } from '../audit/finding'
import type { Fingerprint } from '../database/fingerprint'
import { readCached, writeCached } from '../files/cached-files'
import { version } from '../../../package.json'

/** All findings of a project and its database. */
export interface Answer {
  readonly database: { readonly name: string; readonly serverVersion: string; readonly tables: number }
  readonly models: number
  /** One entry for each file of the schema. */
  readonly files: readonly FileFindings[]
}

/** What the answer depends on besides the database. */
export interface Question {
  /** One answer, the latest, is saved per place: a project and a database, by their names. */
  readonly place: string
  /** A hash of everything that the findings are computed from. */
  readonly asked: string
}

export interface SavedFindings {
  readonly answer: Answer
  /** Of the catalog for which it is valid. */
  readonly fingerprint: Fingerprint
}

/**
 * `parts` is what the findings are computed from: files with paths and texts. The program itself is included by its
 * version and the size and time of its bundle, which differ between builds of one version.
 */
export function questionOf(place: readonly string[], parts: readonly string[]): Question {
  const { size, mtimeMs } = fs.statSync(__filename)
  return { place: hash(place), asked: hash([version, String(size), String(mtimeMs), ...place, ...parts]) }
}

/** The saved answer to this question, or null. It is valid while the catalog's fingerprint is the same. */
export function readSavedFindings({ place, asked }: Question): SavedFindings | null {
  const content = readCached(nameOf(place))
  const asBefore = Buffer.from(`${asked}\n`)
  // The answer to another question may be long and is not read.
  if (content?.subarray(0, asBefore.length).equals(asBefore) !== true) return null
  return JSON.parse(content.subarray(asBefore.length).toString()) as SavedFindings
}

/** Saves the answer in the user's cache folder and replaces the previous one. */
export function saveFindings({ place, asked }: Question, saved: SavedFindings): void {
  const files = saved.answer.files.map(({ file, findings }) => ({ file, findings: findings.map(inEnglishAlone) }))
  const answer = { ...saved.answer, files }
  writeCached(nameOf(place), Buffer.from(`${asked}\n${JSON.stringify({ ...saved, answer })}`))
}

/** A terminal shows only English. */
function inEnglishAlone(finding: Finding): Finding {
  const alone = { ...finding }
  delete alone.phrase
  return alone
}

function nameOf(place: string): string {
  return `answer-${place}`
}

/** Each part with its length, so that no two lists give the same bytes. */
function hash(parts: readonly string[]): string {
  const sha = createHash('sha256')
  for (const part of parts) sha.update(`${part.length} `).update(part)
  return sha.digest('hex')
}
