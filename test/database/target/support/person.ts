import fs from 'node:fs'
import path from 'node:path'
import type { Interaction } from '../../../../server/src/commands/interaction'
import type { Project } from '../../../../server/src/project/project'
import { inEnglish } from '../../../../server/src/text/translate'
import type { TestDatabase } from '../../../support/postgres'

/**
 * Somebody who agrees to everything; `event` comes about once, when a question or a progress message matches. Edits are
 * written only where the project is given.
 */
export function person(when: RegExp, event: () => unknown, project?: Project): Interaction {
  let happened = false
  const at = async (message: string): Promise<void> => {
    if (happened || !when.test(message)) return
    happened = true
    await event()
  }
  return {
    t: inEnglish,
    signal: new AbortController().signal,
    isAttended: true,
    progress: (message) => void at(message),
    output: () => undefined,
    preview: () => undefined,
    review: () => Promise.resolve(true),
    confirm: async ({ message, choices }) => {
      await at(message)
      return choices[0]?.id ?? null
    },
    applyEdits: (edits) => {
      project?.writeEdits(edits)
      return Promise.resolve()
    },
    unsavedTexts: () => Promise.resolve(new Map()),
    offerEdits: () => Promise.resolve(false),
  }
}

export function sampleSql(): string {
  const folder = path.join(__REPOSITORY__, 'sample', 'database')
  return ['structure.sql', 'seed.sql'].map((name) => fs.readFileSync(path.join(folder, name), 'utf8')).join('\n')
}

export async function hasJournal(database: TestDatabase): Promise<boolean> {
  return (await database.query(`SELECT to_regnamespace('prisma_audit') IS NOT NULL AS there`))[0]?.there === true
}
