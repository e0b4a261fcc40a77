import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import { ChecklistNotification, UnfinishedRunRequest, type ProjectStatus } from '../../../protocol/src/index'
import type { ProjectStatuses } from '../status/project-statuses'
import { cutOff, isUnderWay, merged, phaseOf, withJournal, type RunList } from './run-list'

/** The latest run of each project: as the server reports it; after a reload, as stored and as the journal has it. */
export interface RunLists {
  /** Most recently changed first. */
  all(): readonly RunList[]
  readonly onDidChange: vscode.Event<void>
  /** A run of this window starts. */
  readonly onDidBegin: vscode.Event<void>
  serve(client: LanguageClient): vscode.Disposable
  dispose(): void
}

export function createRunLists(kept: vscode.Memento, statuses: ProjectStatuses): RunLists {
  const changed = new vscode.EventEmitter<void>()
  const begun = new vscode.EventEmitter<void>()
  const interrupted = vscode.l10n.t('The window was closed during the run.')
  const lists = new Map(
    kept.get<RunList[]>(KEY, []).map((list) => [list.schemaUri, cutOff(list, interrupted)] as const),
  )
  /** As the server reports them, from their first stage on. */
  const reported = new Map<string, RunList>()
  /** Runs that were reported in this window, or read from the journal. */
  const known = new Set<string>()

  const set = (list: RunList) => {
    // The map's last entry is the most recently changed one.
    lists.delete(list.schemaUri)
    lists.set(list.schemaUri, list)
    changed.fire()
  }
  const keep = () => kept.update(KEY, [...lists.values()].slice(-MOST_KEPT).map(withoutManySteps))
  const askJournal = async (client: LanguageClient, { schemaUri, documentUri }: ProjectStatus) => {
    known.add(schemaUri)
    const journal = await client.sendRequest(UnfinishedRunRequest, { documentUri })
    if (journal !== null && lists.get(schemaUri)?.end !== null) set(withJournal(lists.get(schemaUri), journal))
  }
  const follow = (client: LanguageClient, status: ProjectStatus) => {
    const { schemaUri, connection, catalogReadAt, hasUnfinishedMigration } = status
    if (known.has(schemaUri) || connection !== 'connected' || catalogReadAt === null) return
    const list = lists.get(schemaUri)
    if (hasUnfinishedMigration) askJournal(client, status).catch(() => known.delete(schemaUri))
    else if (list !== undefined && list.end?.status !== 'done' && isBroken(list)) {
      // It was continued or rolled back elsewhere.
      lists.delete(schemaUri)
      changed.fire()
      void keep()
    }
  }
  return {
    all: () => [...lists.values()].reverse(),
    onDidChange: changed.event,
    onDidBegin: begun.event,
    serve: (client) =>
      vscode.Disposable.from(
        client.onNotification(ChecklistNotification, (news) => {
          known.add(news.schemaUri)
          const before = reported.get(news.schemaUri)
          const list = merged(before, news)
          reported.set(news.schemaUri, list)
          // A run that is refused leaves the list of the run before it.
          if (!isUnderWay(list)) return
          set(list)
          const isNew = news.isNew || before === undefined || !isUnderWay(before)
          if (isNew) begun.fire()
          if (isNew || list.end !== null || stagesOf(before) !== stagesOf(list)) void keep()
        }),
        statuses.onDidChange((status) => {
          if (status !== null) follow(client, status)
        }),
      ),
    dispose: () => void vscode.Disposable.from(changed, begun).dispose(),
  }
}

const KEY = 'prismaAudit.runs'

/** Maximum numbers of projects and of steps: stored lists are read at each start. */
const MOST_KEPT = 10
const MOST_STEPS_KEPT = 300

function withoutManySteps(list: RunList): RunList {
  return list.steps.length > MOST_STEPS_KEPT ? { ...list, steps: [] } : list
}

function isBroken(list: RunList): boolean {
  const broken = list.stages.find(({ name }) => name === 'migrate' || name === 'undo')
  return phaseOf(list) === 'stopped' || broken?.state === 'stopped' || broken?.state === 'failed'
}

function stagesOf(list: RunList | undefined): string {
  return (list?.stages ?? []).map(({ state }) => state).join(' ')
}
