import { AuditError } from '../errors'
import { phraseOfBlocker, readLockHolders, terminateBlockers } from '../database/blockers'
import { tableLocked } from '../migration/run/execution/errors'
import type { DatabaseTarget } from '../project/database-target'
import { askWhetherToWait } from './blocked'
import type { Interaction } from './interaction'
import { withTarget } from './target'
import { phrase, phraseIn, type Phrase } from '../text/phrase'

/**
 * Retries work until it gets its locks. A query that meets a table locked against readers gives up after a few seconds;
 * the user can then wait on, knowing who holds the lock. If no one can answer, it fails after a minute and names the
 * holder.
 */
export async function waitForLock<Result>(
  target: DatabaseTarget,
  interaction: Interaction,
  work: () => Promise<Result>,
  title: Phrase = phrase`Read the database`,
): Promise<Result> {
  const start = performance.now()
  let quietUntil = 0
  for (;;) {
    try {
      return await work()
    } catch (error) {
      interaction.signal.throwIfAborted()
      if (!(error instanceof AuditError) || error.code !== 'lock-timeout') throw error
      const { tables, blockers } = await withTarget(target, interaction, readLockHolders)
      // The lock was released in the meantime.
      if (blockers.length === 0 && performance.now() - start < LONGEST_UNSEEN) continue
      const seconds = Math.round((performance.now() - start) / 1000)
      const waiting = { title, tables, seconds, blockers }
      const holders = blockers.map(phraseOfBlocker)
      interaction.progress(
        interaction.t('Waiting for a lock'),
        undefined,
        holders.map((each) => phraseIn(interaction.t, each)).join('; '),
      )
      if (!interaction.isAttended) {
        if (performance.now() - start < LONGEST_ALONE) continue
        throw tableLocked(tables, seconds, holders)
      }
      if (performance.now() < quietUntil) continue
      const answer = await askWhetherToWait(interaction, waiting)
      if (answer === 'stop') throw tableLocked(tables, seconds, holders)
      if (answer === 'terminate') await withTarget(target, interaction, (client) => terminateBlockers(client, blockers))
      quietUntil = performance.now() + QUIET
    }
  }
}

/** The holders of locks that block readers, each as a phrase; empty if they cannot be seen. */
export async function describeHolders(target: DatabaseTarget, interaction: Interaction): Promise<Phrase[]> {
  try {
    const { blockers } = await withTarget(target, interaction, readLockHolders)
    return blockers.map(phraseOfBlocker)
  } catch {
    interaction.signal.throwIfAborted()
    return []
  }
}

/** Milliseconds before the question is repeated, and before a lock without a visible holder is reported. */
const QUIET = 60_000
const LONGEST_UNSEEN = 30_000

/** Milliseconds to wait if no one can answer. */
const LONGEST_ALONE = 60_000
