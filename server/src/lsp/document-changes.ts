import path from 'node:path'
import type { Connection, Disposable, TextDocuments } from 'vscode-languageserver'
import { DidChangeWatchedFilesNotification } from './protocol'
import { isApplicationFile, type ApplicationCode } from './application-code'
import type { MigrationScripts } from './migration-scripts'
import type { OpenDocument } from './open-document'
import type { OpenProjects } from './open-projects'
import { pathOfUri } from './uris'

export interface DocumentReaders {
  readonly projects: OpenProjects
  readonly scripts: MigrationScripts
  readonly code: ApplicationCode
  /** The user typed. */
  readonly noteUse: () => void
  /** A document was saved or closed: a command may be waiting for it. */
  readonly documentSettled: () => void
}

/** Passes document changes on: schema and policy to the projects, SQL to the lint, TypeScript to the search. */
export function listenToDocuments(
  documents: TextDocuments<OpenDocument>,
  { projects, scripts, code, noteUse, documentSettled }: DocumentReaders,
): void {
  documents.onDidChangeContent(({ document }) => {
    const file = pathOfUri(document.uri)
    if (file === null) return
    noteUse()
    if (isApplicationFile(file)) {
      code.changed(file, document.text.toString(), document.version)
      return
    }
    projects.files.setBuffer(file, document.text, document.version)
    if (isSql(file)) scripts.changed(file, document.text.toString())
    else projects.fileChanged(file)
  })
  documents.onDidClose(({ document }) => {
    const file = pathOfUri(document.uri)
    if (file === null) return
    if (isApplicationFile(file)) {
      code.closed(file)
      documentSettled()
      return
    }
    projects.files.closeBuffer(file)
    documentSettled()
    if (isSql(file)) scripts.closed(file)
    else projects.fileChanged(file)
  })
  documents.onDidSave(({ document }) => {
    const file = pathOfUri(document.uri)
    if (file === null) return
    documentSettled()
    if (isSql(file)) scripts.saved(file)
    else projects.fileSaved(file)
  })
}

/** The same for changes of files on disk. */
export function listenToWatchedFiles(connection: Connection, projects: OpenProjects): void {
  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const { uri } of changes) {
      const file = pathOfUri(uri)
      if (file === null) continue
      if (isConnectionFile(file)) projects.connectionFilesChanged()
      else if (!projects.files.isOpen(file)) projects.fileChanged(file)
    }
  })
}

export async function watchFiles(connection: Connection): Promise<void> {
  await watch(connection, ['**/*.prisma', '**/prisma-audit.json', ...CONNECTION_FILES])
}

/** Disposing the result ends it. */
export function watch(connection: Connection, globs: readonly string[]): Promise<Disposable> {
  return connection.client.register(DidChangeWatchedFilesNotification.type, {
    watchers: globs.map((globPattern) => ({ globPattern })),
  })
}

/**
 * The files that may contain the database URL. A configuration may load any file whose name looks like an environment
 * file.
 */
const CONNECTION_FILES = ['**/.env*', '**/*.env', '**/prisma.config.*', '**/prisma7.config.*', '**/.config/prisma*']

function isConnectionFile(file: string): boolean {
  const name = path.basename(file)
  return /^\.env|\.env$|^prisma7?\.config\./.test(name) || /[/\\]\.config[/\\]prisma[^/\\]*$/.test(file)
}

function isSql(file: string): boolean {
  return file.endsWith('.sql')
}
