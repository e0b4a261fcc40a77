import { phraseOfTitle } from '../migration/plan/step-titles'
import { type Translate } from '../text/translate'
import { phraseIn } from '../text/phrase'
import { stepsFor, type PlannedObject } from '../editor/planned-object'
import { planEverything } from '../migration/plan/plan-everything'
import { refusalLines } from '../migration/render/refusal-lines'
import { databaseUnread } from '../project/errors'
import type { Project } from '../project/project'
import { codeSpan, markdownDocument, markdownLine, sqlFence } from '../text/markdown-text'

/**
 * The part of the plan for one object: the SQL that makes the database match the schema for it. It uses the latest
 * snapshot; nothing is queried or run.
 */
export function previewObject(project: Project, wanted: PlannedObject, t: Translate) {
  const { database, policy, external } = project
  if (database === null) throw databaseUnread()
  const plan = planEverything({ schema: project.requireSchema(), policy, database, external })
  const steps = stepsFor(plan.steps, wanted)
  const name = wanted.object ?? wanted.column ?? wanted.table ?? ''
  const sections = steps.map(
    ({ title, up }) =>
      `${markdownLine(phraseIn(t, phraseOfTitle(title)))}\n\n${sqlFence(up.map((sql) => `${sql};`).join('\n'))}`,
  )
  const refusals = refusalLines(plan.refusals).map((line) => `- ${markdownLine(phraseIn(t, line))}`)
  const nothing = [t('The plan has no step for it.'), ...(refusals.length === 0 ? [] : [refusals.join('\n')])]
  const next = t('Nothing was run. “Run Migration of Missing Objects” runs the whole plan.')
  return {
    title: t('SQL for {0}', name),
    text: markdownDocument([
      `# ${t('SQL for {0}', codeSpan(name))}`,
      ...(sections.length === 0 ? nothing : sections),
      next,
    ]),
  }
}
