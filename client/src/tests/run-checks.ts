import { randomUUID } from 'node:crypto'
import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import { CheckProgress, RunChecksRequest, type CheckProgressValue } from '../../../protocol/src/index'
import type { RunningCommands } from '../runs/running-commands'
import type { ProjectStatuses } from '../status/project-statuses'
import { refuseUntrusted } from '../trust'
import type { CheckItems, ChosenCheck } from './check-items'
import { ModelTally, SaidReasons } from './model-tally'
import { projectsToLeaveOut } from './without-policy'

export interface ExplorerParts {
  readonly items: CheckItems
  readonly client: LanguageClient
  readonly statuses: ProjectStatuses
  readonly running: RunningCommands
  /** Loads the children of an item. */
  readonly resolve: (item: vscode.TestItem | undefined) => Promise<void>
}

/** Runs the selected checks against the live database, one project after the other. */
export async function runChecks(
  parts: ExplorerParts,
  request: vscode.TestRunRequest,
  token: vscode.CancellationToken,
): Promise<void> {
  if (refuseUntrusted(vscode.l10n.t('Verify Migration'))) return
  const { items, resolve } = parts
  const { controller } = items
  if (controller.items.size === 0) await resolve(undefined)
  const run = controller.createTestRun(request)
  try {
    const projects = [...controller.items].map(([, project]) => project)
    for (const project of projects) {
      const isWhole = request.include === undefined || request.include.includes(project)
      if (isWhole && project.children.size === 0) await resolve(project)
    }
    const leftOut = request.include === undefined ? projectsToLeaveOut(parts.statuses.all()) : []
    for (const project of projects) {
      if (token.isCancellationRequested) break
      if (leftOut.includes(project.id)) continue
      const isWhole = request.include === undefined || request.include.includes(project)
      const checks = items.chosen(project, request)
      if (checks.length > 0 || isWhole) await runProject(parts, { run, project, checks, isWhole, token })
    }
  } finally {
    run.end()
  }
}

interface ProjectRun {
  readonly run: vscode.TestRun
  readonly project: vscode.TestItem
  readonly checks: readonly ChosenCheck[]
  /** All checks of the project, including those that are not listed yet. */
  readonly isWhole: boolean
  readonly token: vscode.CancellationToken
}

async function runProject(
  { items, client, statuses, running }: ExplorerParts,
  { run, project, checks, isWhole, token }: ProjectRun,
): Promise<void> {
  const status = statuses.all().find(({ schemaUri }) => schemaUri === project.id)
  if (status === undefined) return
  const open = new Set(checks.map(({ item }) => item))
  const tallies = talliesOf(project, checks)
  if (open.size <= MOST_QUEUED) for (const item of open) run.enqueued(item)
  const progressToken = randomUUID()
  const slow = new Map<vscode.TestItem, NodeJS.Timeout>()
  const reasons = new SaidReasons()
  const listener = client.onProgress(CheckProgress, progressToken, (value) => {
    const row = items.rowOf(project, value)
    const tally = row === null ? undefined : tallies.get(row)
    const isOfModel = row?.parent === project
    // The application's checks always run together, also those that nobody chose.
    if (isOfModel && tally === undefined) return
    const item = row ?? items.place(project, value)
    clearTimeout(slow.get(item))
    slow.delete(item)
    if (value.state === 'started') {
      slow.set(
        item,
        setTimeout(() => run.started(item), SLOW_MILLISECONDS),
      )
      return
    }
    if (tally === undefined || value.state === 'fail')
      tellResult(run, isOfModel ? items.place(project, value) : item, value)
    else if (value.state === 'skipped' && reasons.isNew(value.found)) tellInOutput(run, item, value)
    const end = tally?.add(value.id, value) ?? null
    if (tally === undefined || tally.isComplete) open.delete(item)
    if (end?.state === 'pass') run.passed(item, end.milliseconds)
    if (end?.state === 'skipped') run.skipped(item)
  })
  const expanding = items.onDidExpand((model) => {
    const tally = tallies.get(model)
    if (tally === undefined) return
    tallies.delete(model)
    open.delete(model)
    clearTimeout(slow.get(model))
    for (const [id, row] of model.children) {
      const end = tally.endOf(id)
      if (end === undefined) open.add(row)
      else if (end.state === 'pass') run.passed(row, end.milliseconds)
      else if (end.state === 'skipped') run.skipped(row)
    }
  })
  const begun = running.begin(project.id, 'verify', token)
  try {
    const ids = isWhole && checks.length === items.checksOf(project).length ? null : checks.map(({ id }) => id)
    await client.sendRequest(RunChecksRequest, { documentUri: status.documentUri, ids, progressToken }, begun.token)
    // The policy no longer requires these.
    for (const item of open) run.skipped(item)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    for (const item of open) {
      if (token.isCancellationRequested) run.skipped(item)
      else run.errored(item, new vscode.TestMessage(message))
    }
    if (open.size === 0 && !token.isCancellationRequested) run.errored(project, new vscode.TestMessage(message))
  } finally {
    begun.dispose()
    listener.dispose()
    expanding.dispose()
    for (const timer of slow.values()) clearTimeout(timer)
  }
}

/**
 * Each state of a check is a message to the window, which goes through its list: with thousands of checks, those that
 * nobody sees keep it busy for minutes. Most checks end at once, so only a slow one is shown as running.
 */
const MOST_QUEUED = 500
const SLOW_MILLISECONDS = 250

type Ended = Exclude<CheckProgressValue, { readonly state: 'started' }>

function tellResult(run: vscode.TestRun, item: vscode.TestItem, result: Ended): void {
  const { state, title, expected, found, milliseconds, uri, line } = result
  const place = new vscode.Location(vscode.Uri.parse(uri), new vscode.Position(line, 0))
  // The explorer shows what passed; a line for each of thousands of checks keeps the window busy for minutes.
  if (state !== 'pass') tellInOutput(run, item, result)
  if (state === 'pass') run.passed(item, milliseconds)
  else if (state === 'skipped') run.skipped(item)
  else {
    const message = vscode.TestMessage.diff(
      vscode.l10n.t('{0}: expected {1}, found {2}', title, expected, found),
      expected,
      found,
    )
    message.location = place
    run.failed(item, message, milliseconds)
  }
}

function tellInOutput(run: vscode.TestRun, item: vscode.TestItem, { state, title, expected, found, sql }: Ended): void {
  // A check that was not run has nothing expected, and says why.
  const outcome = expected === '' ? found : vscode.l10n.t('expected {0}, found {1}', expected, found)
  const lines = [`${state === 'fail' ? 'FAIL' : 'SKIP'} ${title}`, outcome, sql]
  run.appendOutput(lines.map((text) => `${text.replaceAll('\n', '\r\n')}\r\n`).join(''), undefined, item)
}

/** By the models that stand for their checks. */
function talliesOf(project: vscode.TestItem, checks: readonly ChosenCheck[]): Map<vscode.TestItem, ModelTally> {
  const counts = new Map<vscode.TestItem, number>()
  for (const { item } of checks) if (item.parent === project) counts.set(item, (counts.get(item) ?? 0) + 1)
  return new Map([...counts].map(([item, count]) => [item, new ModelTally(count)]))
}
