import type { CoveragePart, CoveragePartState, CoverageState } from './coverage-states'
import { RequestType } from './message-types'

/** The content of Show Coverage. Texts are single lines without control characters; no markup is escaped in them. */
export interface CoverageAnswer {
  readonly title: string
  readonly summary: string
  /** What is unknown or not required, and why. */
  readonly notes: readonly string[]
  /** Whether the project has no policy yet. */
  readonly canCreatePolicy: boolean
  readonly counts: readonly {
    readonly state: CoverageState
    readonly symbol: string
    readonly count: number
    /** `3 missing`. */
    readonly label: string
  }[]
  readonly words: CoverageWords
  readonly fields: readonly string[]
  readonly models: readonly {
    readonly name: string
    readonly uri: string
    readonly line: number
    /** One for each of `fields`. */
    readonly cells: readonly CoverageCellAnswer[]
  }[]
  /** The same as documents to save. */
  readonly markdown: string
  readonly svg: string
}

/** In the editor's language. */
export type CoverageWords = Readonly<Record<CoverageState | CoveragePart['name'] | CoveragePartState, string>>

export interface CoverageCellAnswer {
  readonly state: CoverageState
  readonly symbol: string
  /** The required ones of schema, column, key, index and trigger. */
  readonly parts: readonly CoveragePartAnswer[]
  /** What fills the column, or why it is ignored; empty if unknown. */
  readonly detail: string
  readonly line: number
}

export interface CoveragePartAnswer extends CoveragePart {
  readonly symbol: string
}

/** Client → server: returns the audit fields of a project's models, from the catalog as last read. */
export const CoverageRequest = new RequestType<{ readonly documentUri: string | null }, CoverageAnswer, void>(
  'prismaAudit/coverage',
)
