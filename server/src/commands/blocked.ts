import { describeBlocker, type Waiting } from '../database/blockers'
import type { BlockedAnswer } from '../migration/run/execution/blocker-watch'
import type { Interaction } from './interaction'
import { titleOfQuoted } from '../migration/plan/titles'
import { boundedIn } from '../text/bounded-list'
import { textOf } from '../text/safe-text'
import { inEnglish, type Translate } from '../text/translate'
import { phraseOfTitle } from '../migration/plan/step-titles'
import { inPlainEnglish, phraseIn, type Phrase } from '../text/phrase'

/**
 * Asks what to do about a step that waits for a lock, if someone can answer. Never terminates a session without an
 * explicit choice and a confirmation. If no one can answer, the step waits until its attempts are used up.
 */
export function whenBlocked(interaction: Interaction): { onBlocked?: (waiting: Waiting) => Promise<BlockedAnswer> } {
  if (!interaction.isAttended) return {}
  return {
    onBlocked: (waiting) => askWhetherToWait(interaction, { ...waiting, title: phraseOfTitle(waiting.title) }),
  }
}

/** The blocking session, from the progress of the step; null if there is none now. */
export function waitingNow(waiting: Waiting | null, t: Translate): { seconds: number; blockers: string[] } | null {
  return waiting === null
    ? null
    : { seconds: waiting.seconds, blockers: waiting.blockers.map((each) => describeBlocker(each, t)) }
}

export async function askWhetherToWait(
  interaction: Interaction,
  waiting: Omit<Waiting, 'title'> & { readonly title: Phrase },
): Promise<BlockedAnswer> {
  const { t } = interaction
  const blockers = waiting.blockers.map((each) => describeBlocker(each, t))
  const holders = waiting.blockers.map((each) => `  ${describeBlocker(each, inEnglish)}`)
  interaction.output(textOf([`Waiting for a lock: ${inPlainEnglish(waiting.title)}`, ...holders]))
  const title = phraseIn(t, waiting.title)
  const mayTerminate = waiting.blockers.every((blocker) => blocker.mayTerminate)
  const tables = boundedIn(t, waiting.tables.map(titleOfQuoted), 2).join(', ')
  const answer = await interaction.confirm({
    message: whyItWaits(t, tables, blockers),
    detail: [
      t('"{0}" has been waiting for {1} s. It does not block other sessions.', title, waiting.seconds),
      ...boundedIn(t, blockers, 2),
      ...(mayTerminate ? [] : [t('Your role cannot terminate that session.')]),
    ],
    choices: [
      { id: 'wait', label: t('Keep Waiting') },
      ...(mayTerminate ? [{ id: 'terminate', label: t('Terminate the Other Session') }] : []),
      { id: 'stop', label: t('Stop'), isCancel: true },
    ],
    yes: null,
  })
  if (answer === 'terminate') return (await confirmTermination(interaction, blockers)) ? 'terminate' : 'wait'
  return answer === 'wait' ? 'wait' : 'stop'
}

function whyItWaits(t: Translate, tables: string, blockers: readonly string[]): string {
  if (tables !== '') return t('Another session has locked {0}. Keep waiting?', tables)
  return blockers.length === 0
    ? t('Could not acquire a lock. Keep waiting?')
    : t('An older transaction has to end first. Keep waiting?')
}

async function confirmTermination(interaction: Interaction, blockers: readonly string[]): Promise<boolean> {
  const { t } = interaction
  const answer = await interaction.confirm({
    message: t('Terminate the session that holds the lock?'),
    detail: [t('Its open transaction is rolled back, and its client gets an error.'), ...blockers],
    choices: [{ id: 'terminate', label: t('Terminate') }],
    yes: null,
  })
  return answer === 'terminate'
}
