import fs from 'node:fs'
import path from 'node:path'

/** One test of the suite that ran inside the editor. */
export interface TestResult {
  readonly title: string
  /** Null where it passed. */
  readonly error: string | null
}

/** The suite inside the editor writes its results here, and reads from here which part of it is to run. */
export const RESULTS_VARIABLE = 'PRISMA_AUDIT_TEST_RESULTS'
export const SUITE_VARIABLE = 'PRISMA_AUDIT_TEST_SUITE'

/** A folder where anything that is executed or connected to leaves a file. */
export const EVIDENCE_VARIABLE = 'PRISMA_AUDIT_TEST_EVIDENCE'

export function readResults(file: string): readonly TestResult[] {
  return JSON.parse(fs.readFileSync(file, 'utf8')) as TestResult[]
}

export function writeResults(file: string, results: readonly TestResult[]): void {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, JSON.stringify(results, null, 2))
}
