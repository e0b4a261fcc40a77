import path from 'node:path'
import type { ApplicationPolicy } from '../audit-fields/application-policy'
import type { Project } from '../project/project'
import { withEnvironment } from '../smoke/environment-values'
import { applicationNotDescribed, variablesMissing } from '../smoke/errors'
import { renderSmokeText } from '../smoke/render-results'
import { runChecks, type RunningOptions, type SmokeResult } from '../smoke/run-checks'
import { SecretValues } from '../smoke/secret-values'
import { startApplication, waitForApplication } from '../smoke/start-application'
import { phrase, phraseIn, type Phrase } from '../text/phrase'
import { text } from '../text/safe-text'
import type { CommandOutcome, Interaction } from './interaction'
import { inEnglish, type Translate } from '../text/translate'

export interface SmokeOptions {
  /** Ask before the first run of a command; a terminal, where the user typed it, only shows it. */
  readonly ask: boolean
  /** Environment variables in addition to the project's. */
  readonly variables?: Readonly<Record<string, string>>
  /** Called after the checks, while the application still runs. */
  readonly beforeStop?: () => Promise<void>
}

/**
 * Starts the application as described in the policy, waits until it responds, runs the checks and stops it. The command
 * comes from the repository, so it is shown first.
 */
export async function smokeCommand(
  project: Project,
  interaction: Interaction,
  options: SmokeOptions,
): Promise<CommandOutcome> {
  const results = await testApplication(project, interaction, options)
  if (results !== null) interaction.output(renderSmokeText(results))
  return smokeOutcome(results, interaction.t)
}

export function smokeOutcome(results: readonly SmokeResult[] | null, t: Translate = inEnglish): CommandOutcome {
  const { status, said } = smokeResult(results)
  return { status, message: phraseIn(t, said) }
}

export function smokeResult(results: readonly SmokeResult[] | null): {
  readonly status: CommandOutcome['status']
  readonly said: Phrase
} {
  if (results === null) return { status: 'cancelled', said: phrase`The application was not started.` }
  const { length } = results
  const failed = results.filter(({ problems }) => problems.length > 0).length
  if (failed > 0) return { status: 'findings', said: phrase`The application failed ${failed} of ${length} checks.` }
  const said =
    length === 1 ? phrase`The application passed the check.` : phrase`The application passed all ${length} checks.`
  return { status: 'done', said }
}

/** The results; null if the user declined to start it. */
export async function testApplication(
  project: Project,
  interaction: Interaction,
  options: SmokeOptions,
): Promise<readonly SmokeResult[] | null> {
  const described = project.policyFile.require().application
  if (described === null) throw applicationNotDescribed(project.paths.display(project.policyFile.path))
  const { application, secrets } = withSecrets(described, project)
  const { start, ready: readyUrl, timeoutSeconds } = application
  const { signal } = interaction
  if (start === null) {
    interaction.progress(interaction.t('Waiting for the application'))
    await waitForApplication({ readyUrl, timeoutSeconds, signal })
    return await check(application, interaction, { secrets })
  }
  const folder = path.resolve(path.dirname(project.policyFile.path), application.cwd)
  if (!(await mayStart(project, interaction, described, folder, options))) return null
  interaction.progress(interaction.t('Starting the application'))
  const environment = { ...project.environment, ...options.variables }
  const running = await startApplication({
    ...{ command: start, folder, environment, readyUrl, timeoutSeconds, secrets, signal },
  })
  try {
    const results = await check(application, interaction, { secrets, whyGone: () => running.whyGone() })
    await options.beforeStop?.()
    return results
  } finally {
    interaction.progress(interaction.t('Stopping the application'))
    if (!(await running.stop())) {
      interaction.output(
        text`Something is still listening on the port of ${readyUrl}: a process of the application that left its process group, or another program, which may have answered the checks. Stop it, and test again.`,
      )
    }
  }
}

async function check(
  application: ApplicationPolicy,
  interaction: Interaction,
  options: RunningOptions,
): Promise<readonly SmokeResult[]> {
  interaction.progress(interaction.t('Testing the application'))
  return await runChecks(application, interaction.signal, { ...options, t: interaction.t })
}

/** Only requests expand environment variables; the command is shown and run unchanged. */
function withSecrets(
  described: ApplicationPolicy,
  project: Project,
): { readonly application: ApplicationPolicy; readonly secrets: SecretValues } {
  const found = { used: new Set<string>(), missing: new Set<string>() }
  const { login, checks } = withEnvironment(
    { login: described.login, checks: described.checks },
    project.environment,
    found,
  )
  if (found.missing.size > 0) throw variablesMissing([...found.missing])
  const secrets = new SecretValues()
  for (const value of found.used) {
    secrets.add(value)
    project.hideValue(value)
  }
  return { application: { ...described, login, checks }, secrets }
}

async function mayStart(
  project: Project,
  interaction: Interaction,
  { start, checks }: ApplicationPolicy,
  folder: string,
  { ask }: SmokeOptions,
): Promise<boolean> {
  const command = (start ?? []).map((word) => (/\s/.test(word) ? JSON.stringify(word) : word)).join(' ')
  const where = project.paths.display(folder)
  interaction.output(text`Application: ${command} (in ${where === '' ? '.' : where})`)
  const shown = JSON.stringify([start, folder])
  if (!ask || project.confirmedStart === shown) return true
  const choice = await interaction.confirm({
    message: interaction.t('Start the application: {0}?', command),
    detail: [
      interaction.t('Folder: {0}. The command is in the policy.', where === '' ? '.' : where),
      ...checks.map(({ request }) => request),
    ],
    choices: [{ id: 'start', label: interaction.t('Start') }],
    yes: 'start',
  })
  if (choice !== 'start') return false
  project.confirmedStart = shown
  return true
}
