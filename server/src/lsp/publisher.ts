import type { Connection } from 'vscode-languageserver'
import type { Finding } from '../audit/finding'
import type { Project } from '../project/project'
import { toDiagnostic } from './diagnostics'
import { uriOfPath } from './uris'

/** Publishes a project's findings, file by file; a file in which nothing changed is not sent again. */
export class Publisher {
  private readonly published = new Map<Project, ReadonlyMap<string, readonly Finding[]>>()

  constructor(private readonly connection: Connection) {}

  publish(project: Project): void {
    const before = this.published.get(project)
    const now = new Map<string, readonly Finding[]>()
    for (const { file, findings } of project.findingsByFile()) {
      if (before?.get(file) !== findings) this.send(file, findings)
      now.set(file, findings)
    }
    for (const file of before?.keys() ?? []) if (!now.has(file)) this.send(file, [])
    this.published.set(project, now)
  }

  /** Takes back what was published for a project that is closed. */
  forget(project: Project): void {
    for (const file of this.published.get(project)?.keys() ?? []) this.send(file, [])
    this.published.delete(project)
  }

  private send(file: string, findings: readonly Finding[]): void {
    void this.connection.sendDiagnostics({ uri: uriOfPath(file), diagnostics: findings.map(toDiagnostic) })
  }
}
