import { isInside } from '../platform/inside'
import { AuditError } from '../errors'
import type { SchemaModel } from '../schema/model'
import { parseDatasources } from '../schema/parse-datasources'
import { parseSchema, type SourceFile } from '../schema/parse-schema'
import { SourceText } from '../schema/source-text'
import { schemaMissing } from './errors'
import { type SourceFiles } from './source-files'

/** The files of one schema as they stand in the buffers, and what they parse to. */
export class SchemaSource {
  private readonly texts = new Map<string, SourceText>()
  private parsed: SchemaModel | null = null

  constructor(
    private readonly schemaPath: string,
    private readonly files: SourceFiles,
  ) {}

  /** By path. Throws an AuditError where there is no file that can be read. */
  get sources(): readonly SourceFile[] {
    if (this.texts.size === 0) this.read()
    return this.known
  }

  /** The schema. An edit costs the parsing of the blocks that it touched. */
  get model(): SchemaModel {
    this.parsed ??= parseSchema(this.sources)
    return this.parsed
  }

  /** The schema if it was parsed already, and otherwise as much of it as says where the database is. */
  get datasources(): SchemaModel {
    return this.parsed ?? parseDatasources(this.sources)
  }

  /** While there is nothing else to do. What is wrong with the schema is told when it is asked for. */
  parseAhead(): void {
    if (this.texts.size > 0) this.parsed ??= parseSchema(this.sources)
  }

  owns(file: string): boolean {
    return file.endsWith('.prisma') && isInside(this.schemaPath, file)
  }

  /** One file has another text, is new, or is gone; the others are not looked at. False where it has none after all. */
  changed(file: string): boolean {
    // None was read yet.
    if (this.texts.size === 0) return false
    const source = this.readIfFit(file)
    const text = source === null ? undefined : SourceText.of(source)
    if (text !== undefined && this.texts.get(file)?.equals(text) === true) return false
    if (text === undefined) this.texts.delete(file)
    else this.texts.set(file, text)
    if (this.parsed !== null) this.parsed = parseSchema(this.known, this.parsed)
    return true
  }

  private get known(): readonly SourceFile[] {
    return [...this.texts].map(([path, text]) => ({ path, text }))
  }

  private readIfFit(file: string): string | SourceText | null {
    try {
      return this.files.readSource(file)
    } catch (error) {
      if (error instanceof AuditError) return null
      throw error
    }
  }

  private read(): void {
    for (const file of this.files.listSchemaFiles(this.schemaPath)) {
      const text = this.files.readSource(file)
      if (text !== null) this.texts.set(file, SourceText.of(text))
    }
    if (this.texts.size === 0) throw schemaMissing(this.schemaPath)
  }
}
