import type {
  Block,
  ConfigurationBlock,
  EnumBlock,
  Field,
  ModelBlock,
  SchemaFile,
  SchemaModel,
} from '../../schema/model'
import { argumentOf, itemsOf, stringOf } from './attributes'
import { isScalarTypeName } from './scalar-types'

/** What a block can see of the rest of the schema. */
export interface Scope extends Lookup {
  readonly declarations: ReadonlyMap<SchemaFile, FileDeclarations>
  readonly names: Names
}

/** What working out a block needs of it. */
export interface Lookup {
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

/** With the scope of the version before, files that did not change are not gone through again. */
export function createScope(schema: SchemaModel, previous?: Scope): Scope {
  const files = schema.files.map((file) => previous?.declarations.get(file) ?? declarationsOf(file))
  const configuration = configurationOf(files)
  const declarations = new Map(schema.files.map((file, position) => [file, files[position] ?? NOTHING]))
  const kept = previous === undefined ? null : updateNames(previous, declarations)
  const names = kept ?? mergeNames(files)
  return newScope(configuration, declarations, names)
}

/** A function of its own, so that what `find` closes over does not keep the scope before, and through it all scopes. */
function newScope(configuration: Configuration, declarations: Scope['declarations'], names: Names): Scope {
  return { configuration, declarations, names, find: (name) => names.blocks.get(name) }
}

export interface FileDeclarations {
  readonly blocks: ReadonlyMap<string, ModelBlock | EnumBlock>
  readonly configuration: readonly ConfigurationBlock[]
}

export interface Names {
  readonly blocks: Map<string, ModelBlock | EnumBlock>
  /** Where a name is declared twice, the first counts, so that the order of the files matters. */
  readonly hasDuplicates: boolean
}

const NOTHING: FileDeclarations = { blocks: new Map(), configuration: [] }

function declarationsOf(file: SchemaFile): FileDeclarations {
  const blocks = new Map<string, ModelBlock | EnumBlock>()
  const configuration: ConfigurationBlock[] = []
  for (const { block } of file.blocks) {
    if (isConfiguration(block)) configuration.push(block)
    // The first of two blocks of one name counts; the other is an error that Prisma's own extension shows.
    else if (!blocks.has(block.name.text)) blocks.set(block.name.text, block)
  }
  return { blocks, configuration }
}

function isConfiguration(block: Block): block is ConfigurationBlock {
  return block.kind === 'datasource' || block.kind === 'generator'
}

function mergeNames(files: readonly FileDeclarations[]): Names {
  const blocks = new Map<string, ModelBlock | EnumBlock>()
  let hasDuplicates = false
  for (const file of files) {
    for (const [name, block] of file.blocks) {
      if (blocks.has(name)) hasDuplicates = true
      else blocks.set(name, block)
    }
  }
  return { blocks, hasDuplicates }
}

/** The names of the version before, which nobody asks any more, brought up to date; null where that cannot be done so. */
function updateNames(previous: Scope, declarations: ReadonlyMap<SchemaFile, FileDeclarations>): Names | null {
  const { blocks, hasDuplicates } = previous.names
  if (hasDuplicates) return null
  for (const [file, { blocks: gone }] of previous.declarations) {
    if (!declarations.has(file)) for (const name of gone.keys()) blocks.delete(name)
  }
  for (const [file, { blocks: added }] of declarations) {
    if (previous.declarations.has(file)) continue
    for (const [name, block] of added) {
      if (blocks.has(name)) return null
      blocks.set(name, block)
    }
  }
  return previous.names
}

function configurationOf(files: readonly FileDeclarations[]): Configuration {
  const blocks = files.flatMap(({ configuration }) => configuration)
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

/** A scope that notes what was looked up, so that a result can be kept for as long as the same look-ups answer the same. */
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

/** Would every look-up still answer the same? */
export function lookupsHold(lookups: Lookups, scope: Lookup): boolean {
  for (const [name, block] of lookups) if (scope.find(name) !== block) return false
  return true
}

/** The model or view that a field relates to; undefined for a scalar, an enum, an unknown type. */
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
