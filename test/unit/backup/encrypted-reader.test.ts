import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Encrypter, generateIdentity, identityToRecipient } from 'age-encryption'
import { verifyBackup } from '../../../server/src/backup/verify-backup'

describe('an encrypted backup', () => {
  let folder = ''
  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-encrypted-'))
  })
  after(() => {
    fs.rmSync(folder, { recursive: true })
  })

  it('that is damaged inside is named, not its decrypted copy', async () => {
    const identity = await generateIdentity()
    const encrypter = new Encrypter()
    encrypter.addRecipient(await identityToRecipient(identity))
    const file = path.join(folder, 'app.sql.age')
    const sql = '--\n-- PostgreSQL database dump\n--\n\nDROP ROLE a;\n\n--\n-- PostgreSQL database dump complete\n--\n'
    fs.writeFileSync(file, await encrypter.encrypt(sql))
    const environment = { ...process.env, PRISMA_AUDIT_AGE_IDENTITY: identity }
    const { proofs } = await verifyBackup({ path: file, level: 1, url: null, environment })
    assert.deepEqual(
      proofs.map(({ outcome, detail }) => `${outcome}: ${detail}`),
      [`failed: The backup ${file} is truncated or damaged. It contains DROP ROLE, which pg_dump does not write.`],
    )
  })
})
