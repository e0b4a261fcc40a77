import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { FLAGS_OF_SHORT_PROCESSES } from '../support/node-flags'
import type { TestServer } from '../support/postgres'
import type { Place } from './place'
import type { Random } from './random'
import { pickTrouble } from './troubles'

export type Words = readonly string[]

export interface Disturbing {
  readonly server: TestServer
  readonly random: Random
  /** How often a command is disturbed before it is left alone. */
  readonly troubles: number
  /** Whether a command that was killed had come to its end, and could only not say so; default: never. */
  readonly isReached?: () => Promise<boolean>
  /** Told of everything that happens, a line each. */
  readonly say: (line: string) => void
  /** Of each command that came to its end, in milliseconds: troubles come at any moment of it. Shared by all rounds. */
  readonly durations: Map<string, number>
}

/** Runs the command until it succeeds; answers what disturbed it. @param instead run in between, once in a while. */
export async function reach(words: Words, instead: Words | null, place: Place, options: Disturbing): Promise<string[]> {
  const { random, say, server, durations } = options
  const troubles: string[] = []
  let failedAlone = 0
  for (let attempt = 1; ; attempt++) {
    // What broke off may be gone on with or taken back first; both have to work.
    const other = attempt > 1 && random.below(4) === 0 ? instead : null
    const started = Date.now()
    const runner = start(place, other ?? words)
    const ended = settled(runner)
    let isDisturbed = false
    if (troubles.length < options.troubles) {
      const { name, cause } = pickTrouble(random)
      const after = random.below(durations.get(words[0] ?? '') ?? FIRST_CALM)
      await Promise.race([pause(after), ended])
      if (runner.exitCode === null) {
        isDisturbed = true
        troubles.push(name)
        say(`${words[0] ?? ''}: ${name} after ${after} ms`)
        const again = async () => (await settled(start(place, words))).code
        await cause({ server, url: place.database.url, runner, again }, random)
      }
    }
    const { code, output } = await ended
    say(`${(other ?? words).join(' ')}: exit code ${code ?? 'none'} after ${Date.now() - started} ms`)
    if (code === 0 && other === null) {
      durations.set(words[0] ?? '', Date.now() - started)
      return troubles
    }
    if (code !== 0 && other === null && (await options.isReached?.()) === true) return troubles
    // Left alone, a command must succeed: the last one that was disturbed may still have its session for a second.
    if (code !== 0 && !isDisturbed && ++failedAlone > ATTEMPTS)
      assert.fail(`${words.join(' ')} did not come to an end\n${output}`)
    if (code !== 0) {
      if (code !== null) say(output.trim().split('\n').slice(-4).join('\n    '))
      await pause(300)
    }
  }
}

export function start({ project, database, environment }: Place, words: Words): ChildProcess {
  const given = [...words, '--url', database.url, '--cwd', project]
  return spawn(process.execPath, [...FLAGS_OF_SHORT_PROCESSES, path.join(__BUNDLE_FOLDER__, 'cli.js'), ...given], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment,
  })
}

export async function settled(child: ChildProcess): Promise<{ readonly code: number | null; readonly output: string }> {
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text))
  }
  const [code] = (await once(child, 'exit')) as [number | null]
  return { code, output }
}

/** How often a command that nobody disturbs may fail: the session of one that was killed lives on for a second. */
const ATTEMPTS = 8

/** Milliseconds until the trouble comes, at most, where it is not known how long such a command takes here. */
const FIRST_CALM = 4000
