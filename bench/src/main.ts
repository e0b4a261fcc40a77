import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Bench } from './bench'
import type { Measurement, Row } from './measurement'
import { printTable } from './print-table'
import { activation } from './rows/activation'
import { application } from './rows/application'
import { backup } from './rows/backup'
import { catalog } from './rows/catalog'
import { cold } from './rows/cold'
import { curve } from './rows/curve'
import { keystroke } from './rows/keystroke'
import { memory } from './rows/memory'
import { populate } from './rows/populate'
import { wholeProcess } from './rows/process'
import { rehearse } from './rows/rehearse'
import { renames } from './rows/renames'
import { stall } from './rows/stall'
import { workbench } from './rows/workbench'

const ROWS: readonly Row[] = [
  keystroke,
  workbench,
  activation,
  catalog,
  cold,
  wholeProcess,
  memory,
  curve,
  renames,
  application,
  rehearse,
  stall,
  populate,
  backup,
]

void main(process.argv.slice(2))

async function main(wanted: readonly string[]): Promise<void> {
  const unknown = wanted.filter((name) => !ROWS.some((row) => row.name === name))
  if (unknown.length > 0) {
    process.stderr.write(`No such row: ${unknown.join(', ')}. There are: ${ROWS.map((row) => row.name).join(', ')}.\n`)
    process.exitCode = 2
    return
  }
  const bench = await Bench.start()
  const results: Record<string, Measurement[]> = {}
  try {
    for (const row of ROWS.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
      process.stderr.write(`${row.name} …\n`)
      try {
        results[row.name] = await row.measure(bench)
      } catch (error) {
        // The other rows are worth having all the same.
        process.stderr.write(`${row.name} broke off: ${error instanceof Error ? (error.stack ?? '') : String(error)}\n`)
        process.exitCode = 1
      }
    }
  } finally {
    await bench.stop()
  }
  printTable(Object.values(results).flat(), process.stdout)
  writeResults(results)
  // A row that broke off may have left servers behind; they end with their editor.
  process.exit()
}

function writeResults(rows: Readonly<Record<string, Measurement[]>>): void {
  const file = path.join(__REPOSITORY__, 'bench', 'results.json')
  const machine = { node: process.version, platform: process.platform, processors: os.availableParallelism() }
  fs.writeFileSync(file, JSON.stringify({ measuredAt: new Date().toISOString(), machine, rows }, null, 2) + '\n')
  process.stdout.write(`Written: ${path.relative(process.cwd(), file)}\n`)
}
