import fs from 'node:fs'
import type { Plan } from '../../../../server/src/migration/model'
import type { HistoryTarget } from '../../../../server/src/migration/run/history'
import { runPlan } from '../../../../server/src/migration/run/run-plan'

/**
 * Runs a plan in a process of its own: `runner-process.js PLAN.json [KILL]`, the URL in RUNNER_URL, and in
 * RUNNER_HISTORY where migrations are written. KILL is `step:3` (at the beginning of the fourth step), `rows:2000` (after as
 * many rows) or `folder:2` (after that many folders were written): there the process kills itself, so that nothing
 * of ours can tidy up.
 */
async function main(): Promise<void> {
  const [planFile = '', kill = ''] = process.argv.slice(2)
  const [where, number] = kill.split(':')
  const plan = JSON.parse(fs.readFileSync(planFile, 'utf8')) as Plan
  const target = process.env.RUNNER_HISTORY ?? ''
  let folders = 0
  const onFolder = () => {
    if (where === 'folder' && ++folders === Number(number)) process.kill(process.pid, 'SIGKILL')
  }
  await runPlan({
    ...(target === '' ? {} : { history: { ...(JSON.parse(target) as HistoryTarget), onFolder } }),
    url: process.env.RUNNER_URL ?? '',
    plan,
    onProgress: ({ index, rowsDone }) => {
      const isAtStep = where === 'step' && index === Number(number) && rowsDone === null
      const isAtRows = where === 'rows' && rowsDone !== null && rowsDone >= Number(number)
      if (isAtStep || isAtRows) process.kill(process.pid, 'SIGKILL')
    },
  })
}

void main()
