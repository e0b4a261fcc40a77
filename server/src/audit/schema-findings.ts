import type { SchemaFile } from '../schema/model'
import { phrase } from '../text/phrase'
import type { Finding } from './finding'
import { localFinding } from './rules/local-finding'

/** The parser's own recovery points as findings: for editors where nothing else reports syntax, and for the terminal. */
export function schemaSyntax(file: SchemaFile): Finding[] {
  return file.problems.map(({ message, range }) => ({
    ...localFinding({ code: 'schema-syntax', severity: 'error', message, range }),
    file: file.path,
  }))
}

/** All that is said of a project whose language is not read. */
export function otherLanguageFinding(file: string, what: string): Finding {
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 2 } }
  const message = phrase`This project uses ${what}, which Prisma Audit does not support yet.`
  return { ...localFinding({ code: 'prisma-8', severity: 'hint', message, range }), file }
}

/** On the first line of the schema; `folder` is that of the migrations, as shown. */
export function databaseNotCompared(file: string, folder: string): Finding {
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } }
  const message = phrase`The schema is not compared with a database: ${folder} has no migrations to replay.`
  return { ...localFinding({ code: 'database-not-compared', severity: 'information', message, range }), file }
}

/** At the start of the configuration `file`; `folder` is that of the migrations, as shown. */
export function migrationsPathUnknown(file: string, folder: string, severity: 'warning' | 'information'): Finding {
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } }
  const message = phrase`The migrations are read from ${folder}, because migrations.path is not a constant: only running this file would show it.`
  return { ...localFinding({ code: 'migrations-path-unknown', severity, message, range }), file }
}
