import type { TextEdit } from '../schema/edits/text-edit'
import type { Range } from '../schema/model'

export interface SourceText {
  /** As the caller names the file; only its folders and name are judged. */
  readonly path: string
  readonly text: string
}

/** One insertion into a source file, which a person reviews before it is applied. */
export interface ApplicationEdit extends TextEdit {
  /** `Add updatedAt and updatedBy to the select of prisma.user.findMany`. */
  readonly title: string
  /** What a diagnostic marks: the select, the name of the type, the literal. */
  readonly place: Range
  readonly model: string
  /** The added names, as spelled in the code. */
  readonly names: readonly string[]
  readonly kind: SiteKind
  /** Whether it is likely enough to be preselected. */
  readonly isTicked: boolean
  /** What speaks for and against it, strongest first, in words. */
  readonly evidence: readonly string[]
}

export interface ApplicationAnswer {
  /** By file, in the given order, then by place. They do not overlap. */
  readonly edits: readonly ApplicationEdit[]
  /** Places that a person should look at, each as `file:line: sentence`. */
  readonly notes: readonly string[]
}

/**
 * `graphql` is its schema language. `breaks`: code that no longer compiles after `prisma generate`, such as a class
 * that implements the model.
 */
export type SiteKind = 'select' | 'type' | 'class' | 'validation' | 'graphql' | 'breaks'

/** What the schema says about one model, for the code that reads it. Plain data, so that it can be sent to a worker. */
export interface CodeModel {
  readonly model: string
  /** The property of Prisma Client: the model's name with its first letter in lower case. */
  readonly clientName: string
  /** The model's fields that are columns, by which its mirrors in the code are recognized. */
  readonly scalarFields: ReadonlySet<string>
  /** The fields of its primary key. */
  readonly keyFields: ReadonlySet<string>
  readonly dateFields: ReadonlySet<string>
  /** The model of each relation field, for nested selects. */
  readonly relations: ReadonlyMap<string, { readonly model: string; readonly isList: boolean }>
  readonly isUser: boolean
  /** The audit fields in code; empty for a model that gets none. */
  readonly members: readonly AddedMember[]
}

export type CodeModels = ReadonlyMap<string, CodeModel>

export interface AddedMember {
  readonly name: string
  /** The name in an `@audit-ignore` comment. */
  readonly auditField: string
  readonly shape: MemberShape
  /** The column's property in the types of the generated client. */
  readonly column: { readonly name: string; readonly type: string; readonly isNullable: boolean }
}

export type MemberShape =
  /** A timestamp, which is a string in JSON. */
  | { readonly kind: 'date' }
  | { readonly kind: 'value'; readonly type: string }
  /** A user, shown by some of its fields; `isOwnModel` if the user model references itself. */
  | { readonly kind: 'user'; readonly fields: readonly DisplayField[]; readonly isOwnModel: boolean }

export interface DisplayField {
  readonly name: string
  /** The TypeScript type in JSON. */
  readonly type: string
}

/** A replacement in one text, by offsets in UTF-16 code units. */
export interface OffsetEdit {
  readonly start: number
  readonly end: number
  readonly newText: string
}

/** A place in one file, and the edit that adds what is missing there. */
export interface Site extends OffsetEdit {
  readonly title: string
  /**
   * The same with the users' keys, which whole records have: for code whose selects do not ask for the users
   * themselves.
   */
  readonly byKey?: SiteForm
  /** The same with the users themselves, which a select asks for. */
  readonly asSelected?: SiteForm
  readonly place: { readonly start: number; readonly end: number }
  readonly model: string
  readonly names: readonly string[]
  readonly kind: SiteKind
  readonly evidence: readonly EvidenceName[]
  /** Of a type or a class: the name by which other files import it. */
  readonly declares?: readonly string[]
  /** Of a select: `UsersService.findAll`, if it is the result of this method alone. */
  readonly inMethod?: string | null
  /** Of a select: the functions that it is in, and what it selects, the same text for the same. */
  readonly inFunctions?: readonly string[]
  readonly fields?: string
  /** Of a select: the calls that use it, by their first characters. */
  readonly calls?: readonly { readonly path: string; readonly start: number }[]
}

type SiteForm = Pick<Site, 'start' | 'end' | 'newText' | 'title' | 'names'>

/** A place that a person should look at, because it is not clear enough for an edit. */
export interface Note {
  /** One-based. */
  readonly line: number
  readonly text: string
}

/** The facts about a site, by name; `evidence.ts` weighs them. */
export type EvidenceName =
  | 'breaks-compile'
  | 'is-written'
  | 'is-mocked'
  | 'shows-dates'
  | 'most-fields'
  | 'returned'
  | 'shown'
  | 'own-markup'
  | 'replaced'
  | 'admin-path'
  | 'used-by-administrators'
  | 'frontend-path'
  | 'mirror-by-name'
  | 'mirror-by-similar-name'
  | 'mirror-by-members'
  | 'mirror-by-columns'
  | 'shows-handler'
  | 'shares-its-type'
  | 'shares-its-type-with-others'
  | 'shows-creator'
  | 'fed-by-select'
  | 'no-dates'
  | 'for-anyone'
  | 'no-role-asked'
  | 'not-fed'
  | 'not-displayed'
  | 'not-read'
  | 'never-changed'
  | 'shared-select'
  | 'passed-to-a-function'
  | 'own-record'
  | 'of-another-record'
  | 'excerpt'
  | 'unhandled'
  | 'nested-list'
  | 'validates'
  | 'no-key'
  | 'personal'
  | 'holds-secrets'
  | 'made-from-records'
  | 'made-by-hand'
  | 'foreign-members'
  | 'few-fields'
  | 'no-name'
  | 'inside-a-record'
  | 'typed-otherwise'
  | 'write'
  | 'read-again'
  | 'public-path'
  | 'helper-name'
  | 'login-path'
  | 'job-path'
  | 'sent-outside'
  | 'secrets'
  | 'raw-query'
  | 'input-type'
  | 'not-shown'
  | 'test-path'
