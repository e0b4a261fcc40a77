import assert from 'node:assert/strict'
import { saveDocument } from '../../../client/src/save-document'

describe('a document that the server has edited', () => {
  /** As VS Code answers one after the other; a closed document throws. */
  const document = (after: { isClosed?: boolean; isDirty?: boolean }, ...answers: boolean[]) => ({
    ...{ isClosed: false, isDirty: true, ...after },
    save: () => {
      const answer = answers.shift()
      return answer === undefined ? Promise.reject(new Error('Document has been closed')) : Promise.resolve(answer)
    },
  })

  it('is saved if auto save was faster, and VS Code has closed it since', async () => {
    assert.equal(await saveDocument(document({ isClosed: true }, false)), true)
    assert.equal(await saveDocument(document({ isDirty: false }, false)), true)
    assert.equal(await saveDocument(document({}, true)), true)
  })

  it('is tried once more while it has changes, and not saved if that fails', async () => {
    assert.equal(await saveDocument(document({}, false, true)), true)
    assert.equal(await saveDocument(document({}, false, false)), false)
  })
})
