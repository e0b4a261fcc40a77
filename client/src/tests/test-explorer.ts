import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import { ChecksRequest, type ProjectStatus } from '../../../protocol/src/index'
import type { RunningCommands } from '../runs/running-commands'
import type { ProjectStatuses } from '../status/project-statuses'
import { CheckItems } from './check-items'
import { runChecks } from './run-checks'

/**
 * The checks of the verification in the Test Explorer. The server is asked only when a project there is expanded or run.
 */
export function createTestExplorer(
  client: LanguageClient,
  statuses: ProjectStatuses,
  running: RunningCommands,
): TestExplorer {
  let items: CheckItems | undefined
  let timer: NodeJS.Timeout | undefined
  const follow = () => {
    timer = undefined
    if (items !== undefined) followProjects(items, statuses, client)
  }
  const following = statuses.onDidChange(() => {
    // Without a project, the controller would only show an empty view.
    if (verifiable(statuses).length > 0) items ??= newController(client, statuses, running)
    timer ??= setTimeout(follow, FOLLOW_MILLISECONDS)
  })
  return {
    controller: () => items?.controller,
    dispose() {
      clearTimeout(timer)
      following.dispose()
      items?.controller.dispose()
    },
  }
}

/** Typing changes the findings many times a second. */
const FOLLOW_MILLISECONDS = 400

export interface TestExplorer {
  /** Undefined before the first project. */
  controller(): vscode.TestController | undefined
  dispose(): void
}

function newController(client: LanguageClient, statuses: ProjectStatuses, running: RunningCommands): CheckItems {
  const controller = vscode.tests.createTestController('prismaAudit.checks', 'Prisma Audit')
  const items = new CheckItems(controller)
  const resolve = async (item: vscode.TestItem | undefined): Promise<void> => {
    if (item === undefined) addProjects(controller, statuses)
    else if (item.parent === undefined) await listProject(items, client, statuses, item)
    else items.expand(item)
  }
  controller.resolveHandler = resolve
  controller.refreshHandler = async () => {
    for (const [, item] of controller.items) if (item.children.size > 0) await resolve(item)
  }
  controller.createRunProfile(
    vscode.l10n.t('Verify'),
    vscode.TestRunProfileKind.Run,
    (request, token) => runChecks({ items, client, statuses, running, resolve }, request, token),
    true,
  )
  return items
}

function addProjects(controller: vscode.TestController, statuses: ProjectStatuses): void {
  const known = [...controller.items].map(([, item]) => item)
  controller.items.replace(
    verifiable(statuses).map((project) => {
      const item = known.find(({ id }) => id === project.schemaUri) ?? newProject(controller, project)
      item.description = project.databaseLabel
      return item
    }),
  )
}

/** A schema for another database has nothing to verify: its row would only ever be an error. */
function verifiable(statuses: ProjectStatuses): readonly ProjectStatus[] {
  return statuses.all().filter(({ isPostgresql }) => isPostgresql)
}

function newProject(
  controller: vscode.TestController,
  { schemaUri, documentUri, name }: ProjectStatus,
): vscode.TestItem {
  const item = controller.createTestItem(schemaUri, name, vscode.Uri.parse(documentUri))
  item.canResolveChildren = true
  return item
}

/** The list follows the schema, the policy and the database; projects that were never expanded are not updated. */
function followProjects(items: CheckItems, statuses: ProjectStatuses, client: LanguageClient): void {
  const { controller } = items
  if (controller.items.size === 0) return
  addProjects(controller, statuses)
  for (const [, item] of controller.items) {
    if (item.children.size > 0 || item.error !== undefined) void listProject(items, client, statuses, item)
  }
}

async function listProject(
  items: CheckItems,
  client: LanguageClient,
  statuses: ProjectStatuses,
  item: vscode.TestItem,
): Promise<void> {
  const project = statuses.all().find(({ schemaUri }) => schemaUri === item.id)
  if (project === undefined) return
  item.busy = item.children.size === 0
  try {
    const { checks, problem } = await client.sendRequest(ChecksRequest, { documentUri: project.documentUri })
    item.error = problem ?? undefined
    items.replace(item, checks)
  } catch (error) {
    item.error = error instanceof Error ? error.message : String(error)
  } finally {
    item.busy = false
  }
}
