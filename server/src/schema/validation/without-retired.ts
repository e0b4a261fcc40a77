import { datasourceOf, generatorsOf, viewsOf } from '../lookup'
import { rangeInFile, type Property, type Range, type SchemaFile, type SchemaModel } from '../model'
import { applyEdits } from '../edits/apply-edits'
import { SourceLines } from '../edits/source-lines'
import type { SourceFile } from '../parse-schema'

/** Properties that version 7 moved to `prisma.config.*`. */
const RETIRED = new Set(['url', 'directUrl', 'shadowDatabaseUrl'])

/**
 * The files of a schema without what version 7 rejects: connection URLs, unknown preview features and, in a schema of
 * an earlier version, keys and indexes of views. No line moves.
 */
export function withoutRetired(schema: SchemaModel, unknownFeatures: readonly string[]): SourceFile[] {
  const edits: { file: SchemaFile; range: Range; newText: string }[] = []
  const datasource = datasourceOf(schema)
  for (const property of datasource?.block.properties ?? []) {
    if (datasource === null || !RETIRED.has(property.name.text)) continue
    edits.push({ file: datasource.file, range: rangeInFile(datasource.placed, property.range), newText: '' })
  }
  for (const { file, placed, model } of edits.length === 0 ? [] : viewsOf(schema)) {
    const fields = model.fields.flatMap(({ attributes }) => attributes)
    for (const { name, range } of [...fields, ...model.attributes]) {
      // References to the key need a unique one.
      if (name.text === 'id') edits.push({ file, range: rangeInFile(placed, name.range), newText: 'unique' })
      if (name.text === 'index') edits.push({ file, range: rangeInFile(placed, range), newText: '' })
    }
  }
  for (const { file, placed, block } of unknownFeatures.length === 0 ? [] : generatorsOf(schema)) {
    const features = block.properties.find(({ name }) => name.text === 'previewFeatures')
    if (features === undefined) continue
    const range = rangeInFile(placed, features.value.range)
    const known = featuresOf(features).filter((feature) => !unknownFeatures.includes(feature))
    const text = new SourceLines(file.text.toString()).slice(range)
    const lineBreaks = text.replace(/[^\n]/g, '')
    edits.push({ file, range, newText: `[${known.map((feature) => JSON.stringify(feature)).join(', ')}${lineBreaks}]` })
  }
  return schema.files.map((file) => {
    const own = edits.filter((edit) => edit.file === file)
    const text = file.text.toString()
    return { path: file.path, text: own.length === 0 ? text : applyEdits(text, own) }
  })
}

function featuresOf({ value }: Property): string[] {
  return value.kind === 'array' ? value.items.flatMap((item) => (item.kind === 'string' ? [item.value] : [])) : []
}
