import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto'
import fs from 'node:fs'
import type { Database } from './client'

/** Who is logged in. */
export interface SessionUser {
  readonly id: number
  readonly role: string
}

/** Logins by e-mail address and password; sessions live as long as the process. */
export class Sessions {
  private readonly users = new Map<string, SessionUser>()
  /** By address: the salt and the scrypt hash, in hexadecimal. */
  private readonly passwords = JSON.parse(fs.readFileSync('passwords.json', 'utf8')) as Readonly<Record<string, string>>

  constructor(private readonly database: Database) {}

  /** The key of a new session; null where address and password do not fit. */
  async logIn(email: string, password: string): Promise<string | null> {
    const [salt = '', hash = ''] = (this.passwords[email] ?? '').split(':')
    const given = scryptSync(password, Buffer.from(salt, 'hex'), 32)
    const expected = Buffer.from(hash, 'hex')
    if (expected.length !== given.length || !timingSafeEqual(expected, given)) return null
    const user = await this.database.user.findUnique({ where: { email }, select: { id: true, role: true } })
    if (user === null) return null
    const key = randomBytes(32).toString('base64url')
    this.users.set(key, user)
    return key
  }

  find(key: string): SessionUser | null {
    return this.users.get(key) ?? null
  }
}
