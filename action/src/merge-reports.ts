import fs from 'node:fs'

export interface ReportFiles<File = string> {
  readonly sarif: File
  readonly junit: File
}

/**
 * Merges the SARIF and JUnit documents of several commands into one each, because code scanning accepts one run of a
 * tool per commit. Missing documents are skipped.
 */
export function mergeReports(parts: readonly ReportFiles[], merged: ReportFiles): ReportFiles {
  const merge = (kind: keyof ReportFiles, join: (texts: readonly string[]) => string) => {
    const files = parts.map((part) => part[kind]).filter((file) => fs.existsSync(file))
    fs.writeFileSync(merged[kind], join(files.map((file) => fs.readFileSync(file, 'utf8'))))
  }
  merge('sarif', mergeSarif)
  merge('junit', mergeJunit)
  return merged
}

interface Sarif {
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: Driver }
      readonly results: readonly SarifResult[]
      readonly invocations?: readonly object[]
    },
  ]
}

interface SarifResult {
  readonly level: (typeof LEVELS)[number]
}

/** The most severe first. */
const LEVELS = ['error', 'warning', 'note'] as const

/** Each command keeps to this, so all of them together have to, too: code scanning shows no more in one run. */
const MOST_RESULTS = 5_000

interface Driver {
  readonly rules: readonly object[]
}

function mergeSarif(texts: readonly string[]): string {
  const documents = texts.map((text) => JSON.parse(text) as Sarif)
  const [first] = documents
  const runs = documents.map(({ runs: [run] }) => run)
  const driver = {
    ...first?.runs[0].tool.driver,
    rules: withoutRepeated(runs.flatMap(({ tool }) => tool.driver.rules)),
  }
  const all = withoutRepeated(runs.flatMap((run) => run.results))
  const worst = LEVELS.flatMap((level) => all.filter((result) => result.level === level))
  const results = all.length <= MOST_RESULTS ? all : worst.slice(0, MOST_RESULTS)
  const notes = runs.flatMap((run) => run.invocations ?? [])
  const invocations = results.length === all.length ? notes : [CUT, ...notes]
  const run = { ...first?.runs[0], tool: { driver }, ...(invocations.length === 0 ? {} : { invocations }), results }
  return `${JSON.stringify({ ...first, runs: [run] }, null, 2)}\n`
}

/** What both commands say, such as that the migrations folder is a guess. */
function withoutRepeated<Part extends object>(parts: readonly Part[]): Part[] {
  return [...new Map(parts.map((part) => [JSON.stringify(part), part])).values()]
}

/** The note in the file that some findings are omitted. */
const CUT = {
  executionSuccessful: true,
  toolExecutionNotifications: [
    {
      level: 'warning',
      message: { text: 'This file has the worst 5,000 findings of all commands: code scanning shows no more.' },
    },
  ],
}

/** The suites of all, in the first one's root element. */
function mergeJunit(texts: readonly string[]): string {
  const frame = /^[^]*?<testsuites[^>]*>\n|<\/testsuites>[^]*$/g
  const suites = texts.map((text) => text.replace(frame, ''))
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>', `${suites.join('')}</testsuites>`, ''].join('\n')
}
