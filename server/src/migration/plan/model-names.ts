import { quoteQualified } from '../../database/quote'
import { databaseNameOf, databaseSchemaOf, modelsOf } from '../../schema/lookup'
import type { SchemaModel } from '../../schema/model'
import { titleOfTable } from './titles'

/** The models by the quoted name of their table. A join table of an implicit relation has none. */
export type ModelNames = ReadonlyMap<string, string>

/** @param defaultSchema where the tables of models without `@@schema` are */
export function modelNames(schema: SchemaModel, defaultSchema: string): ModelNames {
  return new Map(
    modelsOf(schema).map(({ model }) => [
      quoteQualified(databaseSchemaOf(model) ?? defaultSchema, databaseNameOf(model)),
      model.name.text,
    ]),
  )
}

export function modelOfTable(
  models: ModelNames,
  { schema, table }: { readonly schema: string; readonly table: string },
): string | null {
  return models.get(quoteQualified(schema, table)) ?? null
}

/** `Lead`, `Lead (crm.leads)`: what a developer calls the table, and its own name where that differs. */
export function titleOfModel(models: ModelNames, place: { readonly schema: string; readonly table: string }): string {
  const table = titleOfTable(place)
  const model = modelOfTable(models, place)
  return model === null || model === table ? table : `${model} (${table})`
}
