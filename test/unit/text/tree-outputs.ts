import { runsTree } from '../../../client/src/runs/run-tree'
import type { RunList } from '../../../client/src/runs/run-list'
import { backupsTree } from '../../../client/src/views/backups-tree'
import { findingsTree, type ListedFinding } from '../../../client/src/views/findings-tree'
import type { ListedBackupAnswer, ProjectStatus } from '../../../protocol/src/index'
import { messageLine } from '../../../server/src/errors'
import { inEnglish } from '../../../server/src/text/translate'
import { NASTY } from './hostile-reports'
import { isLine, type Output } from './output-rules'

/**
 * The rows of the views, whose parts are lines of the server already: a row joins them and adds nothing that is obeyed.
 */
export function treeOutputs(): Readonly<Record<string, Output>> {
  return {
    'the tree of the findings': { make: () => rows(findings()), rule: isRows },
    'the tree of the backups': { make: () => rows(backups()), rule: isRows },
    'the tree of a run': { make: () => rows(run()), rule: isRows },
  }
}

/** As the server sends names and messages. */
const LINE = messageLine(new Error(NASTY))

const PROJECT = {
  ...{ schemaUri: 'file:///a/schema.prisma', name: LINE, databaseLabel: LINE, connection: 'connected', detail: LINE },
  isPostgresql: true,
  findings: { error: 0, warning: 1, information: 0 },
} as unknown as ProjectStatus

function findings(): readonly object[] {
  const finding: ListedFinding = {
    ...{ uri: PROJECT.schemaUri, line: 1, character: 1, severity: 'warning', code: 'column-missing', message: LINE },
    model: LINE,
  }
  const other = { ...PROJECT, schemaUri: 'file:///b/schema.prisma' }
  return findingsTree(
    inEnglish,
    [PROJECT, other],
    [
      { ...finding, model: LINE },
      { ...finding, model: null },
    ],
  )
}

function backups(): readonly object[] {
  const backup: ListedBackupAnswer = {
    ...{ uri: 'file:///backups/a', name: LINE, createdAt: '2026-01-01T00:00:00Z' },
    ...{ level: 2, brief: LINE, state: LINE, details: [LINE, LINE] },
  }
  return backupsTree([{ project: PROJECT, backups: [backup] }], { now: 0, language: 'en' })
}

function run(): readonly object[] {
  const list: RunList = {
    ...{ schemaUri: PROJECT.schemaUri, command: 'guided', databaseLabel: LINE, end: null },
    stages: [{ name: 'migrate', state: 'failed', detail: LINE, startedAt: 1, endedAt: 2 }],
    steps: [{ index: 0, title: LINE, state: 'running' }],
  }
  return runsTree([list], inEnglish, 'en')
}

/** What is shown and spoken of each row and those below it, one a line. */
function rows(nodes: readonly object[]): string {
  return nodes
    .flatMap((node) => [...textsOf(node), ...('children' in node ? [rows(node.children as object[])] : [])])
    .join('\n')
}

function textsOf(node: object): string[] {
  const shown = Object.entries(node).filter(([key]) => ['label', 'description', 'spoken'].includes(key))
  const tooltip = 'tooltip' in node ? String(node.tooltip).split('\n') : []
  return [...shown.map(([, value]) => String(value)), ...tooltip]
}

function isRows(shown: string): void {
  for (const row of shown.split('\n')) isLine(row)
}
