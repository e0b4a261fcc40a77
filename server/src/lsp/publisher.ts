import type { Connection, Diagnostic } from 'vscode-languageserver'
import type { FileFindings, Finding } from '../audit/finding'
import { relatedPlacesFinder } from '../editor/related-places'
import type { Project } from '../project/project'
import { toDiagnostic } from './diagnostics'
import { uriOfPath } from './uris'
import type { Translate } from '../text/translate'

/**
 * Publishes the projects' findings by file; unchanged files are not sent again. A file that several projects share,
 * such as a policy, gets the findings of all.
 */
export class Publisher {
  private readonly published = new Map<Project, ReadonlyMap<string, readonly Finding[]>>()

  /** Whether the editor shows related information of diagnostics. */
  showsRelated = false

  constructor(
    private readonly connection: Connection,
    private readonly t: Translate,
  ) {}

  publish(project: Project, found: readonly FileFindings[]): void {
    const before = this.published.get(project)
    const now = new Map(found.map(({ file, findings }) => [file, findings]))
    this.published.set(project, now)
    for (const [file, findings] of now) if (before?.get(file) !== findings) this.send(file)
    for (const file of before?.keys() ?? []) if (!now.has(file)) this.send(file)
  }

  /** Clears the diagnostics of a closed project. */
  forget(project: Project): void {
    const before = this.published.get(project)
    this.published.delete(project)
    for (const file of before?.keys() ?? []) this.send(file)
  }

  private send(file: string): void {
    const lists = [...this.published].flatMap(([project, files]) => {
      const findings = files.get(file) ?? []
      return findings.length === 0 ? [] : [this.diagnosticsOf(project, driftFirst(findings))]
    })
    const shown = lists.length > 1 ? eachOnce(lists.flat()) : lists.flat()
    void this.connection.sendDiagnostics({ uri: uriOfPath(file), diagnostics: shown })
  }

  private diagnosticsOf(project: Project, findings: readonly Finding[]): Diagnostic[] {
    if (!this.showsRelated) return findings.map((finding) => toDiagnostic(this.t, finding))
    const relatedPlaces = relatedPlacesFinder(this.t, project.schema)
    return findings.map((finding) => toDiagnostic(this.t, finding, relatedPlaces(finding)))
  }
}

/**
 * VS Code underlines the first 500 problems of a file and lists 1,000, in our order. Where a policy flags hundreds of
 * models, what was just typed must not be behind them.
 */
function driftFirst(findings: readonly Finding[]): readonly Finding[] {
  if (findings.length <= MOST_UNDERLINED) return findings
  const isDrift = ({ missingIn }: Finding) => missingIn === undefined
  return [...findings.filter(isDrift), ...findings.filter((finding) => !isDrift(finding))]
}

const MOST_UNDERLINED = 500

function eachOnce(diagnostics: Diagnostic[]): Diagnostic[] {
  const byText = new Map(diagnostics.map((diagnostic) => [JSON.stringify(diagnostic), diagnostic]))
  return [...byText.values()]
}
