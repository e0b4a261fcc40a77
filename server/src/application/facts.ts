import type { ModuleFacts } from './module-facts'
import type { CodeModels, EvidenceName, Note, Site } from './model'
import type { Value } from './object-literal'
import type { SilencedLines } from './silenced-lines'

/** The facts of one file, without the parser's tree. Each text of a file is read once. */
export interface FileFacts extends ModuleFacts {
  readonly path: string
  readonly text: string
  /** Selects whose edit may belong in another file. */
  readonly selects: readonly SelectUse[]
  /** Places whose edit depends only on this file. */
  readonly sites: readonly Site[]
  readonly notes: readonly Note[]
  readonly silenced: SilencedLines
  /** The types of records whose dates this file copies one by one. */
  readonly convertedTypes: readonly string[]
}

/** A place that selects fields of a model: a call of Prisma Client, or a constant that is typed as a select. */
export interface SelectUse {
  /** Null for a model that the schema does not have: its relations are then recognized by name. */
  readonly model: string | null
  /** `arguments` contains `select` or `include`; `select` is one itself. */
  readonly holds: 'arguments' | 'select'
  readonly value: Value
  /** Where the call begins; null for a constant. */
  readonly start: number | null
  /** `prisma.user.findMany`, or the constant's name. */
  readonly label: string
  /** One-based, of the call and of the statement around it. */
  readonly lines: readonly number[]
  readonly evidence: readonly EvidenceName[]
  /** `UsersService.findAll`, if it is in a method that other classes call. */
  readonly inMethod: string | null
  /** The function that it is in, as `answerName` spells it. */
  readonly inFunction: string | null
}

/** What the search for sites in one file needs of the file and of the schema. */
export interface FileContext {
  readonly models: CodeModels
  readonly path: string
  readonly imports: ModuleFacts['imports']
  readonly exports: ModuleFacts['exports']
  readonly isGenerated: boolean
  readonly silenced: SilencedLines
}

export interface FoundSites {
  readonly sites: readonly Site[]
  readonly notes: readonly Note[]
}
