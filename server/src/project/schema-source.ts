import { isInside } from '../platform/inside'
import { AuditError } from '../errors'
import type { SchemaModel } from '../schema/model'
import { parseDatasources } from '../schema/parse-datasources'
import { parseSchema, type SourceFile } from '../schema/parse-schema'
import { SourceText } from '../schema/source-text'
import { fileChanged, schemaMissing } from './errors'
import { type SourceFiles } from './source-files'

/** The files of one schema in the buffers, and what they parse to. */
export class SchemaSource {
  private readonly texts = new Map<string, SourceText>()
  private parsed: SchemaModel | null = null

  constructor(
    private readonly schemaPath: string,
    private readonly files: SourceFiles,
  ) {}

  /** By path. Throws an AuditError if no file can be read. */
  get sources(): readonly SourceFile[] {
    if (this.texts.size === 0) this.read()
    return this.known
  }

  /** The schema. An edit only parses the blocks that it touched. */
  get model(): SchemaModel {
    this.parsed ??= parseSchema(this.sources)
    return this.parsed
  }

  /** The schema if it is already parsed; otherwise only the part that says where the database is. */
  get datasources(): SchemaModel {
    return this.parsed ?? parseDatasources(this.sources)
  }

  /** Parses while idle. Problems of the schema are reported when it is requested. */
  parseAhead(): void {
    if (this.texts.size > 0) this.parsed ??= parseSchema(this.sources)
  }

  owns(file: string): boolean {
    return file.endsWith('.prisma') && isInside(this.schemaPath, file)
  }

  /** One file has changed, is new, or was deleted; the others are not read. False if it has no text after all. */
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

  /** Reads all files again: another program may have changed them, and nobody watches them in a terminal. */
  readAgain(): void {
    if (this.texts.size === 0) return
    for (const file of new Set([...this.texts.keys(), ...this.files.listSchemaFiles(this.schemaPath)]))
      this.changed(file)
  }

  /** Throws `file-changed` if another program has changed the file since it was read. */
  requireUnchanged(file: string): void {
    if (this.owns(file) && this.changed(file)) throw fileChanged(file)
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
