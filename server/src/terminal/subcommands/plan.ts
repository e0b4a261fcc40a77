import { computing } from '../../commands/interaction'
import { lintOfPlan } from '../../commands/lint'
import { planProject } from '../../commands/plan'
import { rehearseProject } from '../../commands/rehearse'
import { previewOptions } from '../../commands/show-plan'
import { resolveTarget } from '../../commands/target'
import { renderDownScript } from '../../migration/render/down-script'
import { renderPreview } from '../../migration/render/preview'
import { renderRehearsalText } from '../../migration/render/rehearsal'
import { renderUpScript } from '../../migration/render/up-script'
import { renderVerifyScript } from '../../migration/render/verify-script'
import { jsonDocument } from '../../text/data-text'
import { EXIT } from '../exit-codes'
import type { PlanFormat } from '../output-formats'
import type { Terminal } from '../terminal'
import { withProject, type CommonOptions } from '../terminal-session'
import { historyData, planData, rehearsalData } from '../../migration/render/plan-data'

export interface PlanOptions extends CommonOptions {
  readonly rehearse: boolean
  readonly scratchUrl?: string
  readonly format: PlanFormat
}

export async function planFromTerminal(options: PlanOptions, terminal: Terminal): Promise<number> {
  return await withProject(options, terminal, 'stderr', async ({ project, interaction }) => {
    const target = await resolveTarget(project, interaction, { drift: options.drift === true })
    const planned = await planProject(project, interaction, target)
    const { plan, history, database } = planned
    const isBlocked = plan.refusals.some((refusal) => refusal.blocking)
    project.choose({ scratchUrl: options.scratchUrl ?? null })
    const wanted = options.rehearse || options.scratchUrl !== undefined
    const rehearsal = wanted && !isBlocked ? await rehearseProject(project, interaction, planned) : null
    // The text contains it; for other formats it goes to the log.
    if (rehearsal !== null && options.format !== 'text') interaction.output(renderRehearsalText(rehearsal))
    if (options.format === 'text') {
      const shown = await previewOptions(planned, rehearsal, interaction)
      terminal.output.writeText(await computing(interaction, () => renderPreview(plan, shown)))
    } else if (options.format === 'json') {
      const found = await lintOfPlan(target, plan, database, interaction)
      const lint = found.map(({ step, code, severity, message, advice }) => ({ step, code, severity, message, advice }))
      const document = {
        formatVersion: 1,
        ...planData(plan),
        lint,
        history: historyData(history),
        ...(wanted ? { rehearsal: rehearsal === null ? null : rehearsalData(rehearsal) } : {}),
      }
      terminal.output.writeData(jsonDocument(document))
    } else {
      terminal.output.writeSql(SCRIPTS[options.format](plan))
    }
    if (isBlocked) return EXIT.impossible
    return rehearsal?.outcome === 'failed' ? EXIT.findings : EXIT.ok
  })
}

const SCRIPTS = { sql: renderUpScript, 'down-sql': renderDownScript, 'verify-sql': renderVerifyScript }
