import { AuditError } from '../errors'
import { describeBlocker, readLockHolders, terminateBlockers, type Waiting } from '../migration/run/execution/blockers'
import { tableLocked } from '../migration/run/execution/errors'
import type { DatabaseTarget } from '../project/database-target'
import { askWhetherToWait } from './blocked'
import type { Interaction } from './interaction'
import { withTarget } from './target'

/**
 * Tries work that may be begun again, for as long as it takes. A table that somebody has locked against readers ends a look at
 * it after a few seconds: then a person is asked whether to wait, and for whom; with nobody there it ends after a minute, with who holds the lock.
 */
export async function waitForLock<Result>(
  target: DatabaseTarget,
  interaction: Interaction,
  work: () => Promise<Result>,
  title = 'Read the database',
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
      // Nobody holds it any more.
      if (blockers.length === 0 && performance.now() - start < LONGEST_UNSEEN) continue
      const seconds = Math.round((performance.now() - start) / 1000)
      const waiting: Waiting = { title, tables, seconds, blockers }
      const holders = blockers.map(describeBlocker)
      interaction.progress(interaction.t('Waiting for a lock'), undefined, holders.join('; '))
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

/** Who holds a lock that keeps readers out, each as a phrase; empty where that cannot be seen. */
export async function describeHolders(target: DatabaseTarget, interaction: Interaction): Promise<string[]> {
  try {
    const { blockers } = await withTarget(target, interaction, readLockHolders)
    return blockers.map(describeBlocker)
  } catch {
    interaction.signal.throwIfAborted()
    return []
  }
}

/** Milliseconds before the question comes again, and before a lock that nobody is seen to hold is told of. */
const QUIET = 60_000
const LONGEST_UNSEEN = 30_000

/** Milliseconds that it waits where nobody can be asked. */
const LONGEST_ALONE = 60_000
