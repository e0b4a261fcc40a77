import { planProject } from '../../commands/plan'
import { renderDownScript } from '../../migration/render/down-script'
import { renderPreview } from '../../migration/render/preview'
import { renderUpScript } from '../../migration/render/up-script'
import { renderVerifyScript } from '../../migration/render/verify-script'
import { EXIT } from '../exit-codes'
import type { Terminal } from '../terminal'
import { withProject, type CommonOptions } from '../terminal-session'

export interface PlanOptions extends CommonOptions {
  readonly format: 'text' | 'json' | 'sql' | 'down-sql' | 'verify-sql'
}

export async function planFromTerminal(options: PlanOptions, terminal: Terminal): Promise<number> {
  return await withProject(options, terminal, 'stderr', async ({ project, interaction }) => {
    const { plan, history } = await planProject(project, interaction)
    const { label } = await project.databaseUrl()
    const renderers = {
      text: () => renderPreview(plan, { databaseLabel: label, history }),
      json: () => JSON.stringify({ formatVersion: 1, ...plan, history }, null, 2) + '\n',
      sql: () => renderUpScript(plan),
      'down-sql': () => renderDownScript(plan),
      'verify-sql': () => renderVerifyScript(plan),
    }
    terminal.output.write(renderers[options.format]())
    return plan.refusals.some((refusal) => refusal.blocking) ? EXIT.impossible : EXIT.ok
  })
}
