import fs from 'node:fs'
import path from 'node:path'
import { makeFolders } from '../../platform/lasting-files'
import { fileNotWritten } from '../../commands/errors'
import type { Project } from '../../project/project'
import type { DataText } from '../../text/data-text'
import type { SafeText } from '../../text/safe-text'
import type { FurtherReport } from '../output-formats'
import type { Terminal } from '../terminal'

/** For a person or for programs; the other is null. */
export type RenderedReport =
  { readonly text: SafeText; readonly data: null } | { readonly text: null; readonly data: DataText }

/**
 * Writes the files of `--report`. A path is relative to the working folder; links of the repository below it lead
 * nowhere else. Throws `path-outside-project` and `file-not-written`.
 */
export async function writeReports<Format>(
  reports: readonly FurtherReport<Format>[],
  render: (format: Format) => RenderedReport | Promise<RenderedReport>,
  project: Project,
  { terminal, folder }: { readonly terminal: Terminal; readonly folder: string },
): Promise<void> {
  for (const { format, file } of reports) {
    const { text, data } = await render(format)
    const named = path.resolve(folder, file)
    const isOfFolder = !path.relative(folder, named).startsWith('..')
    const target = isOfFolder ? project.paths.resolveWritable(named) : named
    try {
      makeFolders(path.dirname(target))
      fs.writeFileSync(target, terminal.secrets.blotOutKnown(data ?? text))
    } catch (error) {
      throw fileNotWritten(named, error)
    }
  }
}
