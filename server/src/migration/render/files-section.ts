import { codeSpan } from '../../text/markdown-text'
import type { PlannedHistory } from '../planned-history'

/** What a run leaves in the project, as a section of the preview; none where that is nothing. */
export function filesSection(history: PlannedHistory | undefined): string[] {
  if (history === undefined || history.form === 'none' || history.migrations.length === 0) return []
  const { form, folder, migrations } = history
  const what =
    form === 'prisma'
      ? "The run writes these migrations, each when it is done, and records them in Prisma's history. The time is that of the run."
      : 'The run writes the scripts of all of it (up, down and verify). The time is that of the run.'
  return [[`## Files`, what, migrations.map((name) => `- ${codeSpan(`${folder}/${name}/`)}`).join('\n')].join('\n\n')]
}
