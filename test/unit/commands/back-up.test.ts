import assert from 'node:assert/strict'
import { askToPull } from '../../../server/src/commands/back-up'
import type { Question } from '../../../server/src/commands/interaction'
import { phrase } from '../../../server/src/text/phrase'
import { inEnglish } from '../../../server/src/text/translate'

describe('the question before an image of PostgreSQL is pulled', () => {
  const offer = {
    image: 'docker.io/library/postgres:17',
    engine: 'podman',
    instead: phrase`export by COPY`,
    missing: phrase`No pg_dump is installed.`,
  }
  const ask = async (answer: string | null, given: typeof offer | { instead: null } = offer) => {
    const asked: Question[] = []
    const confirm = (question: Question) => {
      asked.push(question)
      return Promise.resolve(answer)
    }
    const pulls = await askToPull({ t: inEnglish, confirm }, { ...offer, ...given })
    return { pulls, asked }
  }

  it('names image, engine, size and what is used otherwise, and no --yes answers it', async () => {
    const { pulls, asked } = await ask('pull')
    assert.equal(pulls, true)
    assert.deepEqual(asked, [
      {
        message: 'No pg_dump found for this server. Pull the image docker.io/library/postgres:17?',
        detail: [
          'No pg_dump is installed.',
          'podman runs the pg_dump in the image. The download is several hundred megabytes.',
        ],
        choices: [
          { id: 'pull', label: 'Pull and Back Up' },
          { id: 'instead', label: 'Use the export by COPY' },
        ],
        yes: null,
      },
    ])
  })

  it('cancels the backup where somebody turns away, and does not pull where there is no other way', async () => {
    assert.equal((await ask('instead')).pulls, false)
    await assert.rejects(ask(null), { code: 'backup-cancelled' })
    const { pulls, asked } = await ask(null, { instead: null })
    assert.equal(pulls, false)
    assert.deepEqual(
      asked.map(({ choices }) => choices.map(({ id }) => id)),
      [['pull']],
    )
  })
})
