import type {
  Attribute,
  Block,
  ConfigurationBlock,
  EnumBlock,
  Expression,
  Field,
  ModelBlock,
  PlacedBlock,
  SchemaFile,
  SchemaModel,
} from './model'

/** A block and its position. */
export interface Found<Kind extends Block> {
  readonly file: SchemaFile
  readonly placed: PlacedBlock
  readonly block: Kind
}

/** A model and its position; `rangeInFile(placed, model.name.range)` is the range of its name in `file`. */
export interface FoundModel {
  readonly file: SchemaFile
  readonly placed: PlacedBlock
  readonly model: ModelBlock
}

/** The models that have a table (no views, no composite types), in the order of the files. */
export function modelsOf(schema: SchemaModel): FoundModel[] {
  return modelLike(schema, 'model')
}

export function viewsOf(schema: SchemaModel): FoundModel[] {
  return modelLike(schema, 'view')
}

export function enumsOf(schema: SchemaModel): Found<EnumBlock>[] {
  return blocksWhere(schema, (block) => block.kind === 'enum')
}

/** If a name is declared twice, the first. Searches all blocks: for many names, make a map of `modelsOf`. */
export function findModel(schema: SchemaModel, name: string): FoundModel | null {
  for (const file of schema.files) {
    for (const placed of file.blocks) {
      const { block } = placed
      if (block.kind === 'model' && block.name.text === name) return { file, placed, model: block }
    }
  }
  return null
}

export function datasourceOf(schema: SchemaModel): Found<ConfigurationBlock> | null {
  return blocksWhere(schema, isDatasource)[0] ?? null
}

export function generatorsOf(schema: SchemaModel): Found<ConfigurationBlock>[] {
  return blocksWhere(schema, isGenerator)
}

export function findField(model: ModelBlock, name: string): Field | null {
  return model.fields.find((field) => field.name.text === name) ?? null
}

interface WithAttributes {
  readonly attributes: readonly Attribute[]
}

/** The first attribute of that name, without its `@` or `@@`: `findAttribute(field, 'updatedAt')`. */
export function findAttribute(node: WithAttributes, name: string): Attribute | null {
  return node.attributes.find((attribute) => attribute.name.text === name) ?? null
}

export function attributesNamed(node: WithAttributes, name: string): Attribute[] {
  return node.attributes.filter((attribute) => attribute.name.text === name)
}

/** The native type, `db.VarChar` as an attribute, whatever the name of the datasource; null if the field has none. */
export function nativeTypeOf(field: Field): Attribute | null {
  return field.attributes.find((attribute) => attribute.name.text.includes('.')) ?? null
}

/**
 * An argument by name, or by position among those without a name: `findArgument(map, 'name', 0)` finds the string in
 * `@map("x")` and in `@map(name: "x")`. Without a position, only by name.
 */
export function findArgument(attribute: Attribute, name: string, place?: number): Expression | null {
  const named = attribute.arguments.find((argument) => argument.name?.text === name)
  if (named !== undefined) return named.value
  if (place === undefined) return null
  return attribute.arguments.filter((argument) => argument.name === null)[place]?.value ?? null
}

export function stringArgument(attribute: Attribute, name: string, place?: number): string | null {
  const value = findArgument(attribute, name, place)
  return value?.kind === 'string' ? value.value : null
}

/** `Cascade` in `onDelete: Cascade`. */
export function wordArgument(attribute: Attribute, name: string, place?: number): string | null {
  const value = findArgument(attribute, name, place)
  return value?.kind === 'word' ? value.value : null
}

/** The fields in `fields: [a, b(sort: Desc)]`, without their arguments; empty if there are none. */
export function fieldNamesArgument(attribute: Attribute, name: string, place?: number): string[] {
  const value = findArgument(attribute, name, place)
  if (value === null) return []
  const items = value.kind === 'array' ? value.items : [value]
  return items.flatMap((item) => (item.kind === 'word' ? [item.value] : item.kind === 'function' ? [item.name] : []))
}

/** The field's name in the database: `@map`'s, or its own. */
export function columnNameOf(field: Field): string {
  return mappedName(field) ?? field.name.text
}

/** The model's, view's or enum's name in the database: `@@map`'s, or its own. */
export function databaseNameOf(block: ModelBlock | EnumBlock): string {
  return mappedName(block) ?? block.name.text
}

/** The database schema in `@@schema`; null if there is none. */
export function databaseSchemaOf(block: ModelBlock | EnumBlock): string | null {
  const attribute = findAttribute(block, 'schema')
  return attribute === null ? null : stringArgument(attribute, 'name', 0)
}

function mappedName(node: WithAttributes): string | null {
  const attribute = findAttribute(node, 'map')
  return attribute === null ? null : stringArgument(attribute, 'name', 0)
}

/** The properties of the datasource that matter to a tool that connects and compares. */
export interface DatasourceSettings {
  readonly provider: string | null
  /** Prisma 6 and earlier; later it is in `prisma.config.ts`. */
  readonly url: UrlSetting | null
  readonly directUrl: UrlSetting | null
  /** Empty if the property is missing. */
  readonly schemas: readonly string[]
  /** `prisma`: the client emulates relations, so there are no foreign keys. */
  readonly relationMode: 'foreignKeys' | 'prisma'
}

export type UrlSetting =
  { readonly kind: 'literal'; readonly url: string } | { readonly kind: 'environment'; readonly variable: string }

/** The datasource's provider if it is not PostgreSQL; null also if it is unknown. */
export function otherProviderOf(schema: SchemaModel): string | null {
  const { provider } = datasourceSettingsOf(schema)
  return provider === 'postgresql' || provider === 'postgres' ? null : provider
}

export function datasourceSettingsOf(schema: SchemaModel): DatasourceSettings {
  const block = datasourceOf(schema)?.block
  const value = (name: string): Expression | null =>
    block?.properties.find((property) => property.name.text === name)?.value ?? null
  const mode = value('relationMode') ?? value('referentialIntegrity')
  return {
    provider: stringOf(value('provider')),
    url: urlSettingOf(value('url')),
    directUrl: urlSettingOf(value('directUrl')),
    schemas: stringsOf(value('schemas')),
    relationMode: stringOf(mode) === 'prisma' ? 'prisma' : 'foreignKeys',
  }
}

/** `previewFeatures` of all generators. */
export function previewFeaturesOf(schema: SchemaModel): string[] {
  return generatorsOf(schema).flatMap(({ block }) =>
    stringsOf(block.properties.find((property) => property.name.text === 'previewFeatures')?.value ?? null),
  )
}

function urlSettingOf(value: Expression | null): UrlSetting | null {
  if (value?.kind === 'string') return { kind: 'literal', url: value.value }
  if (value?.kind !== 'function' || value.name !== 'env') return null
  const variable = stringOf(value.arguments[0]?.value ?? null)
  return variable === null ? null : { kind: 'environment', variable }
}

function stringOf(value: Expression | null): string | null {
  return value?.kind === 'string' ? value.value : null
}

function stringsOf(value: Expression | null): string[] {
  if (value?.kind === 'string') return [value.value]
  return value?.kind === 'array' ? value.items.flatMap((item) => (item.kind === 'string' ? [item.value] : [])) : []
}

function isDatasource(block: Block): block is ConfigurationBlock {
  return block.kind === 'datasource'
}

function isGenerator(block: Block): block is ConfigurationBlock {
  return block.kind === 'generator'
}

function modelLike(schema: SchemaModel, kind: ModelBlock['kind']): FoundModel[] {
  return blocksWhere(schema, (block): block is ModelBlock => block.kind === kind).map(({ file, placed, block }) => ({
    file,
    placed,
    model: block,
  }))
}

function blocksWhere<Kind extends Block>(
  schema: SchemaModel,
  isWanted: (block: Block) => block is Kind,
): Found<Kind>[] {
  return schema.files.flatMap((file) =>
    file.blocks.flatMap((placed) => (isWanted(placed.block) ? [{ file, placed, block: placed.block }] : [])),
  )
}
