import type { Connection, Diagnostic } from 'vscode-languageserver'
import type { Finding } from '../audit/finding'
import type { Project } from '../project/project'
import { toDiagnostic } from './diagnostics'
import { uriOfPath } from './uris'

/** Publishes a project's findings, file by file; a file in which nothing changed is not sent again. */
export class Publisher {
  /** A finding that an edit did not touch is the very same object. */
  private readonly diagnostics = new WeakMap<Finding, Diagnostic>()
  private readonly published = new Map<Project, ReadonlyMap<string, readonly Finding[]>>()

  constructor(private readonly connection: Connection) {}

  publish(project: Project): void {
    const before = this.published.get(project) ?? new Map<string, readonly Finding[]>()
    const now = new Map(project.findingsByFile().map(({ file, findings }) => [file, findings]))
    for (const file of before.keys()) if (!now.has(file)) this.send(file, [])
    for (const [file, findings] of now) if (before.get(file) !== findings) this.send(file, findings)
    this.published.set(project, now)
  }

  /** Takes back what was published for a project that is closed. */
  forget(project: Project): void {
    for (const file of this.published.get(project)?.keys() ?? []) this.send(file, [])
    this.published.delete(project)
  }

  private diagnosticOf(finding: Finding): Diagnostic {
    const known = this.diagnostics.get(finding)
    if (known !== undefined) return known
    const diagnostic = toDiagnostic(finding)
    this.diagnostics.set(finding, diagnostic)
    return diagnostic
  }

  private send(file: string, findings: readonly Finding[]): void {
    const diagnostics = findings.map((finding) => this.diagnosticOf(finding))
    void this.connection.sendDiagnostics({ uri: uriOfPath(file), diagnostics })
  }
}
