import type { FileFindings, Finding } from '../audit/finding'
import type { Project } from '../project/project'

/**
 * What lenses and hints show, apart from the text of their document. An editor asks again only for the document that
 * changed, so it must be told when anything else did: the catalog, the policy, another file of the schema, the code.
 */
export class ShownFacts {
  private readonly latest = new WeakMap<Project, Facts>()

  /** Whether they differ from those of the last call. `changed` is the document whose editor asks again by itself. */
  areOthers(project: Project, found: readonly FileFindings[], changed: string | null): boolean {
    const before = this.latest.get(project)
    const findings = new Map(found.map((each) => [each.file, each.findings]))
    const facts: Facts = { database: project.database, policy: project.policyFile.reading, findings }
    this.latest.set(project, facts)
    if (before === undefined) return false
    if (before.database !== facts.database || before.policy !== facts.policy) return true
    return found.some(
      ({ file, findings: now }) =>
        file !== changed && project.ownsSchemaFile(file) && !areSame(before.findings.get(file), now),
    )
  }
}

/** Compared by identity: what does not change stays the same object. */
interface Facts {
  readonly database: Project['database']
  readonly policy: Project['policyFile']['reading']
  readonly findings: ReadonlyMap<string, readonly Finding[]>
}

/** The list may be another one with the same findings, as while the policy is invalid. */
function areSame(before: readonly Finding[] | undefined, now: readonly Finding[]): boolean {
  return before === now || (before?.length === now.length && before.every((finding, at) => finding === now[at]))
}
