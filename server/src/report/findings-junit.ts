import { xmlAttribute, xmlDocument, xmlText, type DataText } from '../text/data-text'
import { reaches, type CheckReport } from './findings-json'

/** `check --format junit`: a failed test case for each finding from `warning` on, and one that passes where there is none. */
export function renderFindingsJunit(report: CheckReport): DataText {
  const failures = report.findings.filter((finding) => reaches([finding], 'warning'))
  const cases = failures.map(({ code, message, file, range }) => {
    const place = `${file}:${range.start.line + 1}`
    return [
      `    <testcase classname="prisma-audit.check" name="${xmlAttribute(`${code} ${place}`)}">`,
      `      <failure message="${xmlAttribute(message)}">${xmlText(place)}</failure>`,
      '    </testcase>',
    ].join('\n')
  })
  const passed = '    <testcase classname="prisma-audit.check" name="schema and database"/>'
  const counts = `tests="${Math.max(1, cases.length)}" failures="${cases.length}"`
  return xmlDocument(
    [
      '<?xml version="1.0" encoding="UTF-8"?>',
      `<testsuites ${counts}>`,
      `  <testsuite name="prisma-audit check" ${counts}>`,
      ...(cases.length === 0 ? [passed] : cases),
      '  </testsuite>',
      '</testsuites>',
      '',
    ].join('\n'),
  )
}
