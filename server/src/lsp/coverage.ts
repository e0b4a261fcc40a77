import type { CoverageAnswer } from '../../../protocol/src/index'
import { coverageOf } from '../editor/coverage'
import type { Project } from '../project/project'
import { coverageMarkdown } from '../report/coverage-markdown'
import { coverageSvg } from '../report/coverage-svg'
import {
  CELL_STATES,
  CELL_SYMBOLS,
  countStates,
  countWords,
  coverageWords,
  PART_SYMBOLS,
  summaryOf,
} from '../report/coverage-words'
import { lineOf, LIMITS } from '../text/safe-text'
import type { Translate } from '../text/translate'
import { uriOfPath } from './uris'

/**
 * The content of the client's coverage page, from the buffers and the catalog as last read; the database is not
 * queried.
 */
export function coverageAnswer(t: Translate, project: Project): CoverageAnswer {
  const coverage = coverageOf(t, project.schema, project.policy, (model) => project.findings.sidesOf(model))
  const title = t('Audit coverage: {0}', project.paths.name)
  const counts = countStates(coverage)
  return {
    title: lineOf(title, LIMITS.title),
    summary: lineOf(summaryOf(t, coverage)),
    notes: [
      ...noteOnPolicy(t, project),
      ...(project.database === null ? [t('Not connected to the database: only the schema is known.')] : []),
    ],
    canCreatePolicy: project.policyFile.text === null,
    counts: CELL_STATES.map((state) => ({
      state,
      symbol: CELL_SYMBOLS[state],
      count: counts[state],
      label: countWords(t, state, counts[state]),
    })),
    words: coverageWords(t),
    fields: coverage.fields,
    models: coverage.models.map(({ name, file, range, cells }) => ({
      name: lineOf(name, LIMITS.title),
      uri: uriOfPath(file),
      line: range.start.line,
      cells: cells.map((cell) => ({
        state: cell.state,
        symbol: CELL_SYMBOLS[cell.state],
        parts: cell.parts.map((part) => ({ ...part, symbol: PART_SYMBOLS[part.state] })),
        detail: lineOf(
          cell.why ?? (cell.filledBy.length === 0 ? '' : t('Filled by: {0}', cell.filledBy.join('; '))),
          LIMITS.finding,
        ),
        line: cell.range.start.line,
      })),
    })),
    markdown: coverageMarkdown(title, coverage, t),
    svg: coverageSvg(title, coverage, t),
  }
}

function noteOnPolicy(t: Translate, { policy, policyFile }: Project): string[] {
  if (policy !== null) return []
  if (policyFile.text === null) return [t('No audit policy found. It says which models must have which audit fields.')]
  return [t('No valid audit policy, so nothing is required.')]
}
