import { datasourceOf, datasourceSettingsOf, modelsOf, type FoundModel } from '../../schema/lookup'
import type { ModelBlock, SchemaModel } from '../../schema/model'
import { namingConventionOf } from '../../schema/edits/naming-convention'
import { DerivedNames } from './derived-names'

/** The facts about the schema that adding a field needs; computed once for many fields. */
export class SchemaNames {
  readonly derived: DerivedNames
  /** The datasource's name: native types start with it. */
  readonly datasource: string
  /** `relationMode = "prisma"`. */
  readonly relationsByClient: boolean
  readonly usesSnakeCase: (model: ModelBlock) => boolean
  private readonly models: ReadonlyMap<string, FoundModel>

  constructor(schema: SchemaModel) {
    this.derived = new DerivedNames(schema)
    this.usesSnakeCase = namingConventionOf(schema)
    this.datasource = datasourceOf(schema)?.block.name.text ?? 'db'
    this.relationsByClient = datasourceSettingsOf(schema).relationMode === 'prisma'
    // If a name is declared twice, the first counts.
    this.models = new Map(
      modelsOf(schema)
        .reverse()
        .map((found) => [found.model.name.text, found]),
    )
  }

  findModel(name: string): FoundModel | null {
    return this.models.get(name) ?? null
  }
}
