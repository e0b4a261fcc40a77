import type { SchemaFile } from '../schema/model'
import type { Finding } from './finding'
import { localFinding } from './rules/local-finding'

/** The parser's own recovery points as findings: for editors where nothing else reports syntax, and for the terminal. */
export function schemaSyntax(file: SchemaFile): Finding[] {
  return file.problems.map(({ message, range }) => ({
    ...localFinding({ code: 'schema-syntax', severity: 'error', message, range }),
    file: file.path,
  }))
}
