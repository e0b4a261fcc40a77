import type { Range } from '../schema/model'

export interface SourceText {
  /** As the caller names the file; never interpreted by the pure part of this room. */
  readonly path: string
  readonly text: string
}

/** One insertion into a source file that a person reviews before it is made. */
export interface ApplicationEdit {
  readonly file: string
  readonly range: Range
  readonly newText: string
  /** `Add updatedAt and updatedBy to the select of prisma.user.findMany`. */
  readonly title: string
}

/** What the audit fields of one model are to the code that reads it. */
export interface ModelAddition {
  readonly model: string
  /** The property of Prisma Client: the model's name with its first letter in lower case. */
  readonly clientName: string
  /** The model's fields that are columns, by which its mirrors in the code are known. */
  readonly scalarFields: ReadonlySet<string>
  readonly dateFields: ReadonlySet<string>
  readonly members: readonly AddedMember[]
}

export interface AddedMember {
  readonly name: string
  readonly shape: MemberShape
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
  readonly title: string
}

export interface FoundEdits {
  readonly edits: readonly OffsetEdit[]
  readonly notes: readonly string[]
}
