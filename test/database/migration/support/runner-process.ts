import fs from 'node:fs'
import type { Plan } from '../../../../server/src/migration/model'
import type { HistoryTarget } from '../../../../server/src/migration/run/prisma-history/history'
import { rollBack } from '../../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../../server/src/migration/run/run-plan'

/**
 * Runs a plan in a process of its own: `runner-process.js PLAN.json [KILL]`, the URL in RUNNER_URL. KILL is `step:3`
 * (at the beginning of the fourth step) or `rows:2000` (after as many rows): there the process kills itself, so that
 * nothing of ours can tidy up. With `undo:3` (at the fourth step that is taken back) or `keep:2000` (after as many rows
 * of a column that is about to be dropped) it rolls back instead.
 */
async function main(): Promise<void> {
  const [planFile = '', kill = ''] = process.argv.slice(2)
  const [where, text] = kill.split(':')
  const number = Number(text)
  const url = process.env.RUNNER_URL ?? ''
  const die = () => process.kill(process.pid, 'SIGKILL')
  if (where === 'undo' || where === 'keep') {
    await rollBack({
      url,
      onProgress: ({ index, rowsDone }) => {
        if (where === 'undo' && rowsDone === null && index === number) die()
        if (where === 'keep' && rowsDone !== null && rowsDone >= number) die()
      },
    })
    return
  }
  const target = process.env.RUNNER_HISTORY ?? ''
  let folders = 0
  const onFolder = () => {
    if (where === 'folder' && ++folders === number) die()
  }
  await runPlan({
    ...(target === '' ? {} : { history: { ...(JSON.parse(target) as HistoryTarget), onFolder } }),
    url,
    plan: JSON.parse(fs.readFileSync(planFile, 'utf8')) as Plan,
    preservedValues: 'put back',
    onProgress: ({ index, rowsDone }) => {
      if (where === 'step' && index === number && rowsDone === null) die()
      if (where === 'rows' && rowsDone !== null && rowsDone >= number) die()
    },
  })
}

void main()
