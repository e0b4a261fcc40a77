import { expectedIndexes, expectedPrimaryKey } from '../../expected/keys'
import { foreignKeyName, indexName, nameWithSuffix } from '../../expected/names'
import {
  columnNameOf,
  databaseNameOf,
  databaseSchemaOf,
  findAttribute,
  findField,
  modelsOf,
  stringArgument,
} from '../../schema/lookup'
import type { Field, ModelBlock, SchemaModel } from '../../schema/model'
import { scalarNamesOf } from '../../schema/edits/relations'

/**
 * The names of indexes and foreign keys that the schema must contain: those that Prisma does not derive. Prisma rejects
 * a schema in which two indexes of a database schema, or two constraints of a table, have the same name, as may happen
 * when long names are cut at 63 bytes.
 */
export class DerivedNames {
  /** By database schema; created on first use. */
  private readonly indexNames = new Map<string, Set<string>>()
  private readonly constraintNames = new Map<string, Set<string>>()

  constructor(private readonly schema: SchemaModel) {}

  /** `given` is its name in the database, null if unknown. */
  mapOfIndex(model: ModelBlock, column: string, given: string | null): string | null {
    const table = databaseNameOf(model)
    return this.map(this.indexesIn(model), indexName(table, [column]), given, `${table}_${column}`, '_idx')
  }

  mapOfForeignKey(model: ModelBlock, column: string, given: string | null): string | null {
    const table = databaseNameOf(model)
    return this.map(this.constraintsOf(model), foreignKeyName(table, [column]), given, `${table}_${column}`, '_fkey')
  }

  private map(
    taken: Set<string>,
    derived: string,
    given: string | null,
    stem: string,
    suffix: '_idx' | '_fkey',
  ): string | null {
    let name = given ?? derived
    // As the planner does if a name is taken in the database.
    if (given === null)
      for (let number = 1; taken.has(name); number++) name = nameWithSuffix(stem, `${suffix}${number}`)
    taken.add(name)
    return name === derived ? null : name
  }

  private indexesIn(model: ModelBlock): Set<string> {
    const schemaName = databaseSchemaOf(model) ?? ''
    const known = this.indexNames.get(schemaName)
    if (known !== undefined) return known
    const names = new Set<string>()
    for (const found of modelsOf(this.schema)) {
      if ((databaseSchemaOf(found.model) ?? '') !== schemaName) continue
      const table = databaseNameOf(found.model)
      const primaryKey = expectedPrimaryKey(found.model, table)
      for (const { name } of expectedIndexes(found.model, table)) names.add(name)
      if (primaryKey !== null) names.add(primaryKey.name)
      names.add(table)
    }
    this.indexNames.set(schemaName, names)
    return names
  }

  private constraintsOf(model: ModelBlock): Set<string> {
    const known = this.constraintNames.get(model.name.text)
    if (known !== undefined) return known
    const names = new Set(model.fields.flatMap((field) => foreignKeyNameOf(model, field) ?? []))
    this.constraintNames.set(model.name.text, names)
    return names
  }
}

/** The name of a relation's foreign key in the database; null for a field without one. */
export function foreignKeyNameOf(model: ModelBlock, field: Field): string | null {
  const relation = findAttribute(field, 'relation')
  const scalars = scalarNamesOf(field).map((name) => findField(model, name))
  if (relation === null || scalars.length === 0) return null
  const columns = scalars.map((scalar) => (scalar === null ? '' : columnNameOf(scalar)))
  return stringArgument(relation, 'map') ?? foreignKeyName(databaseNameOf(model), columns)
}
