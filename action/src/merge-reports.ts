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

/** The suites of all, in the first one's root element. */
function mergeJunit(texts: readonly string[]): string {
  const frame = /^[^]*?<testsuites[^>]*>\n|<\/testsuites>[^]*$/g
  const suites = texts.map((text) => text.replace(frame, ''))
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>', `${suites.join('')}</testsuites>`, ''].join('\n')
}
