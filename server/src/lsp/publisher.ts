import type { Connection, Diagnostic } from 'vscode-languageserver'
import type { Project } from '../project/project'
import { toDiagnostic } from './diagnostics'
import { uriOfPath } from './uris'

/** Publishes a project's findings, file by file; a file whose diagnostics did not change is not sent again. */
export class Publisher {
  private readonly published = new Map<Project, Map<string, readonly object[]>>()

  constructor(private readonly connection: Connection) {}

  publish(project: Project): void {
    const before = this.published.get(project) ?? new Map<string, readonly object[]>()
    const now = new Map<string, Diagnostic[]>(project.schema.files.map((file) => [file.path, []]))
    for (const finding of project.findings()) now.get(finding.file)?.push(toDiagnostic(finding))
    for (const file of before.keys()) if (!now.has(file)) this.send(file, [])
    for (const [file, diagnostics] of now) this.send(file, diagnostics)
    this.published.set(project, now)
  }

  private send(file: string, diagnostics: Diagnostic[]): void {
    void this.connection.sendDiagnostics({ uri: uriOfPath(file), diagnostics })
  }
}
