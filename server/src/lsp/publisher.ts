import type { Connection } from 'vscode-languageserver'
import { commonEnds } from '../audit/common-ends'
import type { Finding } from '../audit/finding'
import type { Project } from '../project/project'
import { WrittenDiagnostic } from './diagnostics'
import { uriOfPath } from './uris'

/** Publishes a project's findings, file by file; a file in which nothing changed is not sent again. */
export class Publisher {
  private readonly published = new Map<Project, ReadonlyMap<string, Published>>()

  constructor(private readonly connection: Connection) {}

  publish(project: Project): void {
    const before = this.published.get(project)
    const now = new Map<string, Published>()
    for (const { file, findings } of project.findingsByFile())
      now.set(file, this.sendNew(file, findings, before?.get(file)))
    for (const file of before?.keys() ?? []) if (!now.has(file)) this.send(file, [])
    this.published.set(project, now)
  }

  /** Takes back what was published for a project that is closed. */
  forget(project: Project): void {
    for (const file of this.published.get(project)?.keys() ?? []) this.send(file, [])
    this.published.delete(project)
  }

  private sendNew(file: string, findings: readonly Finding[], before: Published = NOTHING): Published {
    if (before !== NOTHING && before.findings === findings) return before
    const diagnostics = diagnosticsOf(findings, before)
    this.send(file, diagnostics)
    return { findings, diagnostics }
  }

  private send(file: string, diagnostics: WrittenDiagnostic[]): void {
    void this.connection.sendDiagnostics({ uri: uriOfPath(file), diagnostics })
  }
}

/** What was sent last for a file: one diagnostic for each finding. */
interface Published {
  readonly findings: readonly Finding[]
  readonly diagnostics: WrittenDiagnostic[]
}

const NOTHING: Published = { findings: [], diagnostics: [] }

/**
 * A finding that an edit did not touch is the very same object; so is its diagnostic. What it moved stands as far from the
 * end as before.
 */
function diagnosticsOf(findings: readonly Finding[], before: Published): WrittenDiagnostic[] {
  const { start, end } = commonEnds(before.findings, findings)
  const shift = before.findings.length - findings.length
  return [
    ...before.diagnostics.slice(0, start),
    ...findings
      .slice(start, findings.length - end)
      .map((finding, index) => new WrittenDiagnostic(finding, before.diagnostics[start + index + shift])),
    ...before.diagnostics.slice(before.diagnostics.length - end),
  ]
}
