import type { Connection } from 'vscode-languageserver'
import { CheckProgress, type CheckProgressValue, type ListedCheck } from '../../../protocol/src/index'
import type { Interaction } from '../commands/interaction'
import { testApplication } from '../commands/smoke'
import { AuditError } from '../errors'
import { phrase, phraseIn } from '../text/phrase'
import type { Project } from '../project/project'
import type { Secrets } from '../database/secrets'
import { notificationLine } from '../text/notification-text'
import { lineOf, LIMITS, sqlToRead } from '../text/safe-text'
import type { Translate } from '../text/translate'
import { uriOfPath } from './uris'

/** The requests of the policy's `application`, listed with the database checks. Their location is the policy. */
export function applicationChecks(t: Translate, { policy, policyFile }: Project): ListedCheck[] {
  const lines = (policyFile.text ?? '').split('\n')
  return (policy?.application?.checks ?? []).map(({ name, request }, index) => ({
    id: `${PREFIX}${String(index)}`,
    title: notificationLine(name ?? request, LIMITS.finding),
    model: t('Application'),
    uri: uriOfPath(policyFile.path),
    line: Math.max(
      0,
      lines.findIndex((line) => line.includes(JSON.stringify(name ?? request))),
    ),
  }))
}

const PREFIX = 'application/'

export function isApplicationCheck(id: string): boolean {
  return id.startsWith(PREFIX)
}

/**
 * Starts the application and sends it all requests, because one request may read what an earlier one changed. If the
 * application cannot be tested, every check reports why.
 */
export async function runApplicationChecks(
  connection: Connection,
  project: Project,
  progressToken: string,
  { interaction, secrets }: { readonly interaction: Interaction; readonly secrets: Secrets },
): Promise<void> {
  const { t } = interaction
  const listed = applicationChecks(t, project)
  const tell = (value: CheckProgressValue): void => void connection.sendProgress(CheckProgress, progressToken, value)
  for (const check of listed) tell({ ...check, state: 'started' })
  const skip = (why: string): void => {
    const found = lineOf(secrets.blotOut(lineOf(why)), LIMITS.message)
    for (const check of listed)
      tell({ ...check, state: 'skipped', expected: '', found, sql: sqlToRead(''), milliseconds: 0 })
  }
  try {
    const results = await testApplication(project, interaction, { ask: true })
    if (results === null) {
      skip(t('The application was not started.'))
      return
    }
    for (const [index, { status, problems, request, milliseconds }] of results.entries()) {
      const check = listed[index]
      if (check === undefined) continue
      const found = problems.length === 0 ? String(status) : problems.join('; ')
      tell({
        ...check,
        state: problems.length === 0 ? 'pass' : 'fail',
        expected: t('as the policy defines'),
        found: lineOf(secrets.blotOut(lineOf(found)), LIMITS.message),
        sql: sqlToRead(request),
        milliseconds,
      })
    }
  } catch (error) {
    if (!(error instanceof AuditError)) throw error
    skip(phraseIn(t, phrase`${error.parts.what}`))
  }
}
