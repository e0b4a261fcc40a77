import { codeSpan } from '../../text/markdown-text'
import type { PlannedHistory } from '../planned-history'

/** What a run leaves in the project, as a section of the preview; none where that is nothing. */
export function filesSection(history: PlannedHistory | undefined): string[] {
  if (history === undefined || history.form === 'none' || history.migrations.length === 0) return []
  const { form, folder, migrations } = history
  const what =
    form === 'prisma'
      ? "The run writes these migrations one by one, and records each in Prisma's history. The timestamp in the names is that of the run."
      : 'The run writes its SQL scripts (up, down and verify). The timestamp in the names is that of the run.'
  return [[`## Files`, what, migrations.map((name) => `- ${codeSpan(`${folder}/${name}/`)}`).join('\n')].join('\n\n')]
}
