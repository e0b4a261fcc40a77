import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import * as esbuild from 'esbuild'
import type { Plan } from '../../../../server/src/migration/model'
import type { HistoryTarget } from '../../../../server/src/migration/run/prisma-history/history'
import { FLAGS_OF_SHORT_PROCESSES } from '../../../support/node-flags'

/** A runner in a process of its own, which may be killed. */
interface Runner {
  start(url: string, plan: Plan, kill?: string, history?: HistoryTarget): ChildProcess
  /** Starts it and waits for its end; `SIGKILL` where it killed itself. */
  run(url: string, plan: Plan, kill?: string, history?: HistoryTarget): Promise<number | NodeJS.Signals | null>
  remove(): void
}

/** One for all tests of a suite. */
export function useRunner(): Pick<Runner, 'start' | 'run'> {
  let runner: Runner | null = null
  const built = (): Runner => {
    if (runner === null) throw new Error('The runner of useRunner() is there in tests only.')
    return runner
  }
  before(async () => {
    runner = await buildRunner()
  })
  after(() => {
    runner?.remove()
  })
  return { start: (...words) => built().start(...words), run: (...words) => built().run(...words) }
}

/** Bundles `runner-process.ts`. */
async function buildRunner(): Promise<Runner> {
  const folder = path.join(__REPOSITORY__, 'out', `runner-${process.pid}`)
  const script = path.join(folder, 'runner-process.js')
  await esbuild.build({
    absWorkingDir: __REPOSITORY__,
    entryPoints: ['test/database/migration/support/runner-process.ts'],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    loader: { '.sql': 'text' },
    // As the product's bundle: with `pg` in it, and without the HTTP client that the question for `Response` loads, it
    // starts in two thirds of the processor time.
    mainFields: ['module', 'main'],
    // The latter finds its WebAssembly beside itself.
    external: ['pg-native', 'libpg-query'],
    define: { __BUNDLE_FOLDER__: JSON.stringify(folder), Response: 'undefined' },
  })
  let number = 0
  const start: Runner['start'] = (url, plan, kill = '', history) => {
    const planFile = path.join(folder, `plan-${++number}.json`)
    fs.writeFileSync(planFile, JSON.stringify(plan))
    return spawn(process.execPath, [...FLAGS_OF_SHORT_PROCESSES, script, planFile, kill], {
      env: { ...process.env, RUNNER_URL: url, RUNNER_HISTORY: history === undefined ? '' : JSON.stringify(history) },
      stdio: ['ignore', 'inherit', 'inherit'],
    })
  }
  return {
    start,
    run: async (url, plan, kill, history) => {
      const [code, signal] = (await once(start(url, plan, kill, history), 'exit')) as [
        number | null,
        NodeJS.Signals | null,
      ]
      return signal ?? code
    },
    remove: () => {
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}
