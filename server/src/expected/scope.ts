import type { Block, ConfigurationBlock, EnumBlock, Field, ModelBlock, SchemaFile, SchemaModel } from '../schema/model'
import { argumentOf, itemsOf, stringOf } from './attributes'
import { collectNames, isConfiguration, updateNames, type DeclaredNames } from './declared-names'
import { isScalarTypeName } from './scalar-types'

/** What a block can see of the rest of the schema. */
export interface Scope extends Lookup {
  readonly files: readonly SchemaFile[]
  readonly names: DeclaredNames
  readonly configurations: ReadonlyMap<SchemaFile, readonly ConfigurationBlock[]>
  /** One more than that of the scope before. */
  readonly version: number
  /** The names that refer to another block than in the previous scope; null if unknown. */
  readonly changedNames: ReadonlySet<string> | null
}

/** The inputs for computing a block. */
export interface Lookup {
  readonly configuration: Configuration
  /** The model, view, type or enum of that name. */
  find(name: string): ModelBlock | EnumBlock | undefined
}

export interface Configuration {
  /** With the preview feature `partialIndexes`, Prisma's engine compares the conditions of indexes. */
  readonly comparesConditions: boolean
  /** False with `relationMode = "prisma"`: Prisma emulates relations without foreign keys. */
  readonly usesForeignKeys: boolean
  readonly datasource: ConfigurationBlock | null
}

/** With the scope of the previous version, which is unusable afterwards, only changes are processed. */
export function createScope(schema: SchemaModel, previous?: Scope): Scope {
  const { files } = schema
  const changedNames = previous === undefined ? null : updateNames(previous.names, previous.files, files)
  const names = previous === undefined || changedNames === null ? collectNames(files) : previous.names
  const version = (previous?.version ?? 0) + 1
  const configurations = configurationsOf(files, previous)
  const configuration = configurationOf([...configurations.values()].flat())
  return newScope({ configuration, configurations, files, names, version, changedNames })
}

/** Those of unchanged files are known. */
function configurationsOf(files: readonly SchemaFile[], previous?: Scope): Scope['configurations'] {
  const found = ({ parsed }: SchemaFile) => parsed.map(({ block }) => block).filter(isConfiguration)
  return new Map(files.map((file) => [file, previous?.configurations.get(file) ?? found(file)]))
}

/** A separate function, so that the closure `find` does not retain the previous scope, and through it all scopes. */
function newScope(parts: Omit<Scope, 'find'>): Scope {
  const { blocks } = parts.names
  return { ...parts, find: (name) => blocks.get(name) }
}

function configurationOf(blocks: readonly ConfigurationBlock[]): Configuration {
  const datasource = blocks.find(({ kind }) => kind === 'datasource') ?? null
  return {
    usesForeignKeys: usesForeignKeys(datasource),
    comparesConditions: blocks.some((block) => block.kind === 'generator' && hasPartialIndexes(block)),
    datasource,
  }
}

function hasPartialIndexes(generator: ConfigurationBlock): boolean {
  const features = generator.properties.find(({ name }) => name.text === 'previewFeatures')
  return itemsOf(features?.value).some((item) => stringOf(item) === 'partialIndexes')
}

/** A scope that records lookups, so that a result can be reused while the same lookups have the same results. */
export function createRecordingScope(scope: Lookup): { readonly scope: Lookup; readonly lookups: Lookups } {
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

/** Whether every lookup would still have the same result. */
export function lookupsHold(lookups: Lookups, scope: Lookup): boolean {
  for (const [name, block] of lookups) if (scope.find(name) !== block) return false
  return true
}

/** The model or view that a field relates to; undefined for a scalar, an enum or an unknown type. */
export function relatedModel(field: Field, scope: Lookup): ModelBlock | undefined {
  if (isScalarTypeName(field.type.name)) return undefined
  const block = scope.find(field.type.name)
  return block !== undefined && (block.kind === 'model' || block.kind === 'view') ? block : undefined
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
