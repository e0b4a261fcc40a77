import type { ModelSides } from '../audit/model-sides'
import type { FoundModel } from '../schema/lookup'
import type { SchemaModel } from '../schema/model'
import type { SourceLines } from '../schema/edits/source-lines'
import type { Translate } from '../text/translate'

/** What is known about the model of a finding or of a place in the schema. */
export interface ModelContext {
  readonly t: Translate
  readonly schema: SchemaModel
  readonly found: FoundModel
  readonly sides: ModelSides
  /** Of the model's file. */
  readonly lines: SourceLines
}
