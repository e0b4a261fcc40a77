import { AuditError } from '../errors'
import { FILE_CHANGED } from '../project/errors'
import { text } from '../text/safe-text'
import type { Interaction } from './interaction'

/**
 * Makes the edits again, from the texts as they are then, if a file was changed before they were written. Either all
 * edits are written or none.
 */
export async function untilUnchanged<Result>(
  interaction: Interaction,
  what: 'Application' | 'Schema',
  edit: () => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await edit()
    } catch (error) {
      if (!(error instanceof AuditError) || error.code !== FILE_CHANGED || attempt === ATTEMPTS) throw error
      interaction.output(text`${what}: nothing was written. ${error.message}`)
    }
  }
}

/** A program that changes files all the time must not make this endless. */
const ATTEMPTS = 3
