import fs from 'node:fs'

export interface ReportFiles<File = string> {
  readonly sarif: File
  readonly junit: File
}

/**
 * Makes one SARIF and one JUnit document of those that several commands have written, since code scanning takes one run of a tool for
 * each commit. Null for what none has written, or is not wanted.
 */
export function mergeReports(
  parts: readonly ReportFiles[],
  merged: ReportFiles<string | null>,
): ReportFiles<string | null> {
  return {
    sarif: merge(
      parts.map(({ sarif }) => sarif),
      merged.sarif,
      mergeSarif,
    ),
    junit: merge(
      parts.map(({ junit }) => junit),
      merged.junit,
      mergeJunit,
    ),
  }
}

function merge(
  files: readonly string[],
  target: string | null,
  join: (texts: readonly string[]) => string,
): string | null {
  const texts = files.filter((file) => fs.existsSync(file)).map((file) => fs.readFileSync(file, 'utf8'))
  if (target === null || texts.length === 0) return null
  fs.writeFileSync(target, join(texts))
  return target
}

interface Sarif {
  readonly runs: readonly [{ readonly tool: { readonly driver: Driver }; readonly results: readonly object[] }]
}

interface Driver {
  readonly rules: readonly object[]
}

function mergeSarif(texts: readonly string[]): string {
  const documents = texts.map((text) => JSON.parse(text) as Sarif)
  const [first] = documents
  const runs = documents.map(({ runs: [run] }) => run)
  const driver = { ...first?.runs[0].tool.driver, rules: runs.flatMap(({ tool }) => tool.driver.rules) }
  const results = runs.flatMap((run) => run.results)
  return `${JSON.stringify({ ...first, runs: [{ ...first?.runs[0], tool: { driver }, results }] }, null, 2)}\n`
}

/** The suites of all, in the first one's frame. */
function mergeJunit(texts: readonly string[]): string {
  const frame = /^[^]*?<testsuites[^>]*>\n|<\/testsuites>[^]*$/g
  const suites = texts.map((text) => text.replace(frame, ''))
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>', `${suites.join('')}</testsuites>`, ''].join('\n')
}
