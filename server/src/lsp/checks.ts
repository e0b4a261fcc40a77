import { phraseIn } from '../text/phrase'
import { phraseOfAnswer, phraseOfCheck, phraseOfFound } from '../migration/plan/check-titles'
import type { Connection, ResponseError } from 'vscode-languageserver'
import {
  CheckProgress,
  COMMAND_TITLES,
  type CheckProgressValue,
  type ChecksAnswer,
  type ListedCheck,
  type RunChecksParameters,
} from '../../../protocol/src/index'
import { AUDIT_FIELDS } from '../audit-fields/kinds'
import { presentField } from '../audit-fields/present-fields'
import { isNamed, knownChecks, runSomeChecks, type NamedCheck } from '../commands/run-checks'
import type { Project } from '../project/project'
import { runnable } from '../report/verification'
import { modelsOf, type FoundModel } from '../schema/lookup'
import { rangeInFile } from '../schema/model'
import { notificationLine } from '../text/notification-text'
import { lineOf, LIMITS, sqlToRead } from '../text/safe-text'
import type { Translate } from '../text/translate'
import type { CheckListener } from '../verification/run-checks'
import { applicationChecks, isApplicationCheck, runApplicationChecks } from './application-checks'
import { editorInteraction } from './editor-interaction'
import { refuse, stillRunning, type EditorRun } from './execute'
import { failureText } from './failure-text'
import { uriOfPath } from './uris'

/** The checks that the Test Explorer lists for a project. */
export function listChecks(t: Translate, project: Project): ChecksAnswer {
  const ofApplication = applicationChecks(t, project)
  const checks = knownChecks(project)
  if (checks === null) return { checks: ofApplication, problem: whyNone(t, project) }
  if (checks.length === 0 && ofApplication.length === 0) {
    return { checks: [], problem: t('No table can have the audit fields that the policy requires.') }
  }
  return { checks: [...checks.map(lister(project, t)), ...ofApplication], problem: null }
}

function whyNone(t: Translate, { policy, policyFile }: Project): string {
  if (policy !== null) return t('Not connected to the database.')
  return policyFile.exists ? t('The audit policy is invalid.') : t('No audit policy, so nothing is required.')
}

/**
 * Runs the checks and reports when each starts and ends. If none can run, returns the error to reject the request with.
 */
export async function runListedChecks(
  connection: Connection,
  project: Project,
  { ids, progressToken }: RunChecksParameters,
  { token, secrets, t, log }: EditorRun,
): Promise<ResponseError | null> {
  const busy = stillRunning(t, project)
  if (busy !== null) return refuse(busy)
  project.runningCommand = COMMAND_TITLES.verify
  const abort = new AbortController()
  const subscription = token.onCancellationRequested(() => abort.abort())
  // The checks' own progress token reports only checks; questions use the other one.
  const interaction = editorInteraction(connection, `${progressToken}/work`, abort.signal, { project, secrets, t })
  try {
    project.refuseUnsupported()
    await project.findUrlAgain()
    const listener = checkListener(connection, project, progressToken, { secrets, t })
    const ofDatabase = ids?.filter((id) => !isApplicationCheck(id)) ?? null
    if (ofDatabase === null || ofDatabase.length > 0) await runSomeChecks(project, interaction, ofDatabase, listener)
    if (ids === null || ids.some(isApplicationCheck)) {
      await runApplicationChecks(connection, project, progressToken, { interaction, secrets })
    }
    return null
  } catch (error) {
    if (!abort.signal.aborted) log.failure(`${COMMAND_TITLES.verify} for ${project.paths.name}: failed`, error)
    return refuse(abort.signal.aborted ? t('Cancelled.') : secrets.blotOut(failureText(error, t)))
  } finally {
    subscription.dispose()
    project.runningCommand = null
  }
}

function checkListener(
  connection: Connection,
  project: Project,
  progressToken: string,
  { secrets, t }: Pick<EditorRun, 'secrets' | 't'>,
): CheckListener {
  const listed = lister(project, t)
  const line = (foreign: string) => lineOf(secrets.blotOut(lineOf(foreign)), LIMITS.message)
  const tell = (value: CheckProgressValue) => void connection.sendProgress(CheckProgress, progressToken, value)
  return {
    onStart(check) {
      if (isNamed(check)) tell({ ...listed(check), state: 'started' })
    },
    onResult(result, milliseconds) {
      const { check, outcome } = result
      if (!isNamed(check)) return
      const ended = {
        expected: line(phraseIn(t, phraseOfAnswer(check.expected))),
        found: line(phraseIn(t, phraseOfFound(result))),
        sql: sqlToRead(runnable(result)),
      }
      tell({ ...listed(check), ...ended, state: outcome, milliseconds })
    },
  }
}

/** Adds to each check its location in the schema. */
function lister({ schema, policy }: Project, t: Translate): (check: NamedCheck) => ListedCheck {
  const models = new Map(modelsOf(schema).map((found) => [found.model.name.text, found]))
  const placeOf = (check: NamedCheck) => {
    const found = models.get(check.subject.model)
    if (found === undefined) return { uri: uriOfPath(schema.files[0]?.path ?? ''), line: 0 }
    return { uri: uriOfPath(found.file.path), line: rangeOf(found, check).start.line }
  }
  const rangeOf = ({ placed, model }: FoundModel, { subject }: NamedCheck) => {
    const field = AUDIT_FIELDS.find((each) => each === subject.field)
    const present = field === undefined || policy === null ? null : presentField(policy, model, field)
    return rangeInFile(placed, (present?.field ?? model).name.range)
  }
  return (check) => ({
    id: check.subject.id,
    title: notificationLine(phraseIn(t, phraseOfCheck(check.title)), LIMITS.finding),
    model: notificationLine(check.subject.model, LIMITS.title),
    ...placeOf(check),
  })
}
