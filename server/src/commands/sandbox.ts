import type { Project } from '../project/project'
import { startSandbox, type Sandbox } from '../sandbox/start-sandbox'
import { boundedList } from '../text/bounded-list'
import { textOf, type SafeText } from '../text/safe-text'
import type { CommandOutcome, Interaction } from './interaction'
import { phraseIn } from '../text/phrase'
import { inEnglish, type Translate } from '../text/translate'

/**
 * Starts an embedded PostgreSQL with the project's schema and generated rows, and works with it until it is stopped.
 * The project's own database is not touched, and nothing is read from it.
 */
export async function startSandboxCommand(project: Project, interaction: Interaction): Promise<CommandOutcome> {
  const { t } = interaction
  // Drift shows by itself; without a policy there are no findings of audit fields.
  const next = [project.policyFile.exists ? 'coverage' : 'create-policy'] as const
  if (project.url.sandboxUrl !== null)
    return { status: 'done', message: t('The sandbox database is already running.'), next }
  const sandbox = await startSandboxOf(project, interaction)
  project.url.useSandbox(sandbox)
  const { tables, rows } = figuresOf(sandbox, interaction.t)
  return {
    status: 'done',
    message: t(
      'The sandbox database is running: {0}, {1}. Its data is deleted when it stops or the editor closes.',
      tables,
      rows,
    ),
    next,
  }
}

export async function startSandboxOf(project: Project, interaction: Interaction): Promise<Sandbox> {
  const { signal } = interaction
  const schema = project.requireSchema()
  const sandbox = await startSandbox({
    ...(await project.databaseScope()),
    ...{ schema, external: project.external, signal },
    onProgress: (message) => interaction.progress(phraseIn(interaction.t, message)),
  })
  interaction.output(renderSandbox(sandbox))
  return sandbox
}

export async function stopSandboxCommand(project: Project, { t }: Interaction): Promise<CommandOutcome> {
  if (project.url.sandboxUrl === null) return { status: 'done', message: t('No sandbox database is running.') }
  await project.url.leaveSandbox()
  return { status: 'done', message: t('The sandbox database was stopped and its data deleted.') }
}

function renderSandbox(sandbox: Sandbox): SafeText {
  const { tables, rows } = figuresOf(sandbox, inEnglish)
  const empty = sandbox.tables.filter(({ reason }) => reason !== null)
  return textOf([
    'Sandbox database',
    `  ${tables}, ${rows}; in memory, until it is stopped`,
    ...boundedList(
      empty.map(({ table, reason }) => `  empty    ${table}: ${reason ?? ''}`),
      20,
      'empty tables',
    ),
    ...boundedList(
      sandbox.left.map((what) => `  left out ${what}`),
      20,
      'left out',
    ),
  ])
}

function figuresOf({ tables }: Sandbox, t: Translate): { readonly tables: string; readonly rows: string } {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  return {
    tables: tables.length === 1 ? t('1 table') : t('{0} tables', tables.length),
    rows: rows === 1 ? t('1 generated row') : t('{0} generated rows', rows),
  }
}
