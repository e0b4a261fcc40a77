import type { SchemaFile } from '../schema/model'
import { phrase } from '../text/phrase'
import type { Finding, MigrationsFolderCode } from './finding'
import { localFinding } from './rules/local-finding'

/**
 * The parser's own recovery points as findings: for editors where nothing else reports syntax, and for the terminal.
 */
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

/** A finding about the folder of the migrations. */
export type MigrationsFolderFinding = Finding & { readonly code: MigrationsFolderCode }

/** At the start of the configuration `file`; `folder` is that of the migrations, as shown. */
export function migrationsPathUnknown(
  file: string,
  folder: string,
  severity: 'warning' | 'information',
): MigrationsFolderFinding {
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } }
  const message = phrase`The migrations are read from ${folder}, because migrations.path is not a constant: only running this file would show it.`
  const code = 'migrations-path-unknown'
  return { ...localFinding({ code, severity, message, range }), code, file }
}

/**
 * At the start of the first of the files that Prisma does not run; `folder` is that of the migrations, both as shown.
 */
export function migrationsNotRun(file: string, others: number, folder: string): MigrationsFolderFinding {
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } }
  const message =
    others === 0
      ? phrase`Prisma Migrate does not run this file: in ${folder} it runs only the migration.sql of each folder.`
      : others === 1
        ? phrase`Prisma Migrate does not run this file and 1 other: in ${folder} it runs only the migration.sql of each folder.`
        : phrase`Prisma Migrate does not run this file and ${others} others: in ${folder} it runs only the migration.sql of each folder.`
  const code = 'migrations-not-run'
  return { ...localFinding({ code, severity: 'information', message, range }), code, file }
}
