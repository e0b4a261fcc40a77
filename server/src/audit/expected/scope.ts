import type { Block, ConfigurationBlock, EnumBlock, Field, ModelBlock, SchemaModel } from '../../schema/model'
import { previewFeaturesOf } from '../../schema/lookup'
import { argumentOf, stringOf } from './attributes'
import { isScalarTypeName } from './scalar-types'

/** What a block can see of the rest of the schema. */
export interface Scope {
  readonly configuration: Configuration
  /** The model, view, type or enum of that name. */
  find(name: string): ModelBlock | EnumBlock | undefined
}

export interface Configuration {
  /** With the preview feature `partialIndexes` Prisma's engine looks at the conditions of indexes. */
  readonly comparesConditions: boolean
  /** False with `relationMode = "prisma"`: the relations are Prisma's own business, without foreign keys. */
  readonly usesForeignKeys: boolean
  readonly datasource: ConfigurationBlock | null
}

export function createScope(schema: SchemaModel): Scope {
  const blocks = new Map<string, ModelBlock | EnumBlock>()
  let datasource: ConfigurationBlock | null = null
  for (const file of schema.files) {
    for (const { block } of file.blocks) {
      if (block.kind === 'datasource') datasource ??= block
      // The first of two blocks of one name counts; the other is an error that Prisma's own extension shows.
      else if (isDeclaration(block) && !blocks.has(block.name.text)) blocks.set(block.name.text, block)
    }
  }
  return {
    configuration: {
      usesForeignKeys: usesForeignKeys(datasource),
      comparesConditions: previewFeaturesOf(schema).includes('partialIndexes'),
      datasource,
    },
    find: (name) => blocks.get(name),
  }
}

/** A scope that notes what was looked up, so that a result can be kept for as long as the same look-ups answer the same. */
export function createRecordingScope(scope: Scope): { readonly scope: Scope; readonly lookups: Lookups } {
  const lookups = new Map<string, Block | undefined>()
  return {
    lookups,
    scope: {
      configuration: scope.configuration,
      find: (name) => {
        const block = scope.find(name)
        lookups.set(name, block)
        return block
      },
    },
  }
}

export type Lookups = ReadonlyMap<string, Block | undefined>

/** Would every look-up still answer the same? */
export function lookupsHold(lookups: Lookups, scope: Scope): boolean {
  for (const [name, block] of lookups) if (scope.find(name) !== block) return false
  return true
}

/** The model or view that a field relates to; undefined for a scalar, an enum, an unknown type. */
export function relatedModel(field: Field, scope: Scope): ModelBlock | undefined {
  if (isScalarTypeName(field.type.name)) return undefined
  const block = scope.find(field.type.name)
  return block !== undefined && (block.kind === 'model' || block.kind === 'view') ? block : undefined
}

function isDeclaration(block: Block): block is ModelBlock | EnumBlock {
  return block.kind !== 'datasource' && block.kind !== 'generator'
}

function usesForeignKeys(datasource: ConfigurationBlock | null): boolean {
  const mode = datasource?.properties.find(
    ({ name }) => name.text === 'relationMode' || name.text === 'referentialIntegrity',
  )
  return mode?.value.kind !== 'string' || mode.value.value !== 'prisma'
}

/** The properties of an entry such as `pgcrypto(schema: "extensions")`. */
export function extensionEntries(datasource: ConfigurationBlock): ExtensionEntry[] {
  const property = datasource.properties.find(({ name }) => name.text === 'extensions')
  if (property?.value.kind !== 'array') return []
  return property.value.items.flatMap((item) => {
    if (item.kind === 'word') return [{ name: item.value, schema: null, version: null, range: item.range }]
    if (item.kind !== 'function') return []
    return [
      {
        name: stringOf(argumentOf(item, 'map')) ?? item.name,
        schema: stringOf(argumentOf(item, 'schema')),
        version: stringOf(argumentOf(item, 'version')),
        range: item.range,
      },
    ]
  })
}

export interface ExtensionEntry {
  readonly name: string
  readonly schema: string | null
  readonly version: string | null
  readonly range: Block['range']
}
