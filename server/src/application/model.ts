import type { TextEdit } from '../schema/edits/text-edit'
import type { Range } from '../schema/model'

export interface SourceText {
  /** As the caller names the file; only its folders and its name are judged. */
  readonly path: string
  readonly text: string
}

/** One insertion into a source file that a person reviews before it is made. */
export interface ApplicationEdit extends TextEdit {
  /** `Add updatedAt and updatedBy to the select of prisma.user.findMany`. */
  readonly title: string
  /** What a diagnostic marks: the select, the name of the type, the literal. */
  readonly place: Range
  readonly model: string
  /** The names that are added, as the code has them. */
  readonly names: readonly string[]
  readonly kind: SiteKind
  /** Is it likely enough to come ticked? */
  readonly isTicked: boolean
  /** What speaks for it and against it, strongest first, as a person reads it. */
  readonly evidence: readonly string[]
}

export interface ApplicationAnswer {
  /** By file, in the order given, and by place. They do not overlap. */
  readonly edits: readonly ApplicationEdit[]
  /** Places that a person should look at, each as `file:line: sentence`. */
  readonly notes: readonly string[]
}

/** `graphql` is the schema language. `breaks`: code that no longer compiles once the client is generated, such as a class that implements the model. */
export type SiteKind = 'select' | 'type' | 'class' | 'validation' | 'graphql' | 'breaks'

/** What the schema says of one model to the code that reads it. Plain data, so that a worker can be sent it. */
export interface CodeModel {
  readonly model: string
  /** The property of Prisma Client: the model's name with its first letter in lower case. */
  readonly clientName: string
  /** The model's fields that are columns, by which its mirrors in the code are known. */
  readonly scalarFields: ReadonlySet<string>
  /** The fields of its primary key. */
  readonly keyFields: ReadonlySet<string>
  readonly dateFields: ReadonlySet<string>
  /** The model behind each relation field, by which nested selects are known. */
  readonly relations: ReadonlyMap<string, { readonly model: string; readonly isList: boolean }>
  readonly isUser: boolean
  /** What the audit fields are to the code; empty for a model that gets none. */
  readonly members: readonly AddedMember[]
}

export type CodeModels = ReadonlyMap<string, CodeModel>

export interface AddedMember {
  readonly name: string
  /** As a comment that silences it names it. */
  readonly auditField: string
  readonly shape: MemberShape
  /** The column's property in the types of the generated client. */
  readonly column: { readonly name: string; readonly type: string; readonly isNullable: boolean }
}

export type MemberShape =
  /** A moment, which JSON carries as a string. */
  | { readonly kind: 'date' }
  | { readonly kind: 'value'; readonly type: string }
  /** A user, shown by some of its fields; `isOwnModel` where the user model refers to itself. */
  | { readonly kind: 'user'; readonly fields: readonly DisplayField[]; readonly isOwnModel: boolean }

export interface DisplayField {
  readonly name: string
  /** In TypeScript's words, as JSON carries it. */
  readonly type: string
}

/** A replacement by offsets (UTF-16 code units) in one text. */
export interface OffsetEdit {
  readonly start: number
  readonly end: number
  readonly newText: string
}

/** A place in one file, with the edit that adds what it lacks. */
export interface Site extends OffsetEdit {
  readonly title: string
  /** The same with the keys of users: what whole records have, where no select asks for the users themselves. */
  readonly byKey?: Pick<Site, 'start' | 'end' | 'newText' | 'title' | 'names'>
  readonly place: { readonly start: number; readonly end: number }
  readonly model: string
  readonly names: readonly string[]
  readonly kind: SiteKind
  readonly evidence: readonly EvidenceName[]
  /** By which other files may know it: the type, or the function, class or constant around it. */
  readonly declares?: readonly string[]
}

/** A place that a person should look at: what is there is not sure enough for an edit. */
export interface Note {
  /** One-based. */
  readonly line: number
  readonly text: string
}

/** What is known of a site, by name; `evidence.ts` weighs it. */
export type EvidenceName =
  | 'breaks-compile'
  | 'shows-dates'
  | 'most-fields'
  | 'foreign-members'
  | 'returned'
  | 'shown'
  | 'admin-path'
  | 'frontend-path'
  | 'mirror-by-name'
  | 'mirror-by-similar-name'
  | 'shared-select'
  | 'few-fields'
  | 'no-name'
  | 'inside-a-record'
  | 'write'
  | 'secrets'
  | 'login-path'
  | 'public-path'
  | 'job-path'
  | 'helper-name'
  | 'passed-to-a-function'
  | 'input-type'
  | 'not-shown'
  | 'test-path'
  | 'no-dates'
  | 'raw-query'
  | 'local-type'
  | 'own-record'
  | 'by-slug'
  | 'public-api'
  | 'no-key'
  | 'excerpt'
  | 'nested-list'
  | 'validates'
  | 'of-another-record'
  | 'user-of-others'
  | 'typed-otherwise'
  | 'sent-outside'
  | 'shows-creator'
  | 'named-after-model'
  | 'personal'
  | 'holds-secrets'
  | 'made-from-records'
  | 'other-application'
  | 'dates-not-shown'
  | 'shows-changes'
  | 'shows-editors'
  | 'changes-not-shown'
  | 'include-for-all'
  | 'shows-people'
  | 'made-by-hand'
  | 'not-answered'
  | 'shows-publication'
  | 'published'
  | 'of-one-user'
  | 'outside-admin-area'
