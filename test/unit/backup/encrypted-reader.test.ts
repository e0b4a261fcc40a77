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

  it('is not opened with a key file that is not there, or that holds no key of age', async () => {
    const file = path.join(folder, 'other.sql.age')
    const encrypter = new Encrypter()
    encrypter.addRecipient(await identityToRecipient(await generateIdentity()))
    fs.writeFileSync(file, await encrypter.encrypt('--'))
    const open = (environment: NodeJS.ProcessEnv) => verifyBackup({ path: file, level: 1, url: null, environment })
    const keys = path.join(folder, 'keys.txt')
    await assert.rejects(open({ PRISMA_AUDIT_AGE_IDENTITY_FILE: keys }), { code: 'identity-unusable' })
    fs.writeFileSync(keys, 'AGE-SECRET-KEY-1NONE\n')
    await assert.rejects(open({ PRISMA_AUDIT_AGE_IDENTITY_FILE: keys }), { code: 'identity-unusable' })
  })
})
