import { fileChanged } from '../project/errors'
import type { Project } from '../project/project'
import type { TextEdit } from '../schema/edits/text-edit'

/**
 * The versions of the open documents that edits of the schema were made for, by file; null for one that is not open.
 */
export type ReadVersions = ReadonlyMap<string, number | null>

export function readVersions(project: Project, edits: readonly TextEdit[]): ReadVersions {
  return new Map(edits.map(({ file }) => [file, project.versionOf(file)]))
}

/**
 * For edits that the editor has refused. Throws `file-changed` if somebody has typed since: that is the reason then.
 */
export function requireSameVersions(versions: ReadVersions, versionNow: (file: string) => number | null): void {
  for (const [file, version] of versions) if (versionNow(file) !== version) throw fileChanged(file)
}
