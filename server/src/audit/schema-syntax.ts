import type { SchemaFile } from '../schema/model'
import type { Finding } from './finding'

/** The parser's own recovery points as findings: for editors where nothing else reports syntax, and for the terminal. */
export function schemaSyntax(file: SchemaFile): Finding[] {
  return file.problems.map(({ message, range }) => ({
    code: 'schema-syntax',
    severity: 'error',
    message,
    model: null,
    field: null,
    schemaName: null,
    table: null,
    column: null,
    object: null,
    expected: null,
    actual: null,
    file: file.path,
    range,
  }))
}
