import { parseArgs } from 'node:util'
import { startPostgres } from '../support/postgres'
import { randomFrom } from './random'
import { chaosRound } from './round'

/**
 * `npm run chaos -- --minutes N [--seed S] [--rows R]`: rounds until the time is over; the first that fails ends it.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '5' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      rows: { type: 'string', default: '30000' },
    },
  })
  const server = await startPostgres({ settings: { synchronous_commit: 'on' } })
  const end = Date.now() + Number(values.minutes) * 60_000
  const durations = new Map<string, number>()
  const total = { rounds: 0, troubles: [] as string[], writes: 0, owners: 0 }
  for (let seed = Number(values.seed); total.rounds === 0 || Date.now() < end; seed++) {
    print(`round with --seed ${seed}`)
    const round = await chaosRound({
      server,
      random: randomFrom(seed),
      rows: Number(values.rows),
      troubles: 6,
      whole: true,
      durations,
      say: (line) => {
        print(`  ${line}`)
      },
    })
    total.rounds++
    total.troubles.push(...round.troubles)
    total.writes += round.writes
    total.owners += round.owners
  }
  await server.stop()
  print(
    `${total.rounds} rounds, ${total.writes} writes, ${total.troubles.length} troubles: every structure equal, ` +
      `all ${total.owners} owners that the application wrote are there`,
  )
  for (const name of [...new Set(total.troubles)].sort()) {
    print(`  ${name}: ${total.troubles.filter((one) => one === name).length}`)
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  process.exit(1)
})
