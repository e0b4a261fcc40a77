import { xmlAttribute, xmlDocument, xmlText, type DataText } from '../text/data-text'
import { lineOf } from '../text/safe-text'
import { reaches, type CheckReport } from './findings-json'
import type { SarifFinding } from './findings-sarif'

/** `check --format junit`. */
export function renderFindingsJunit({ findings }: CheckReport): DataText {
  return renderJunit(findings, { command: 'check', checked: 'schema and database' })
}

/** A failed test case for each finding from `warning` on, or one that passes if there is none. */
export function renderJunit(
  findings: readonly SarifFinding[],
  { command, checked }: { readonly command: string; readonly checked: string },
): DataText {
  const failures = findings.filter((finding) => reaches([finding], 'warning'))
  const cases = failures.map(({ code, message, file, range }) => {
    const place = lineOf(`${file}:${range.start.line + 1}`)
    return [
      `    <testcase classname="prisma-audit.${command}" name="${xmlAttribute(`${code} ${place}`)}">`,
      `      <failure message="${xmlAttribute(message)}">${xmlText(place)}</failure>`,
      '    </testcase>',
    ].join('\n')
  })
  const passed = `    <testcase classname="prisma-audit.${command}" name="${checked}"/>`
  return junitDocument(`prisma-audit ${command}`, cases.length === 0 ? [passed] : cases, { failures: cases.length })
}

/**
 * One suite of test cases. `errors` is required by the schema of Jenkins' xUnit plugin, which has `skipped` for a suite
 * only.
 */
export function junitDocument(
  suite: string,
  cases: readonly string[],
  { failures, skipped }: { readonly failures: number; readonly skipped?: number },
): DataText {
  const counts = `tests="${cases.length}" failures="${failures}" errors="0"`
  return xmlDocument(
    [
      '<?xml version="1.0" encoding="UTF-8"?>',
      `<testsuites ${counts}>`,
      `  <testsuite name="${xmlAttribute(suite)}" ${counts}${skipped === undefined ? '' : ` skipped="${skipped}"`}>`,
      ...cases,
      '  </testsuite>',
      '</testsuites>',
      '',
    ].join('\n'),
  )
}
