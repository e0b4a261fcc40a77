import type { DatabaseClient } from '../../../database/connect'
import type { Step } from '../../model'
import { releaseAdvisoryLock, takeAdvisoryLock, type LockRequest } from './advisory-lock'
import { prismaIsMigrating } from './errors'

export type PrismaLockOptions = Pick<LockRequest, 'signal' | 'waitForOther' | 'onWait'>

/**
 * The lock with which Prisma serializes its migrations. We hold it during short structural changes, so that `prisma
 * migrate` never runs in between, and not during long work: Prisma waits for it inside the server for only ten seconds,
 * and meanwhile CREATE INDEX CONCURRENTLY, which waits for everyone, would not finish.
 */
export class PrismaLock {
  private isHeld = false

  constructor(
    private readonly client: DatabaseClient,
    private readonly options: PrismaLockOptions,
  ) {}

  /** Takes or releases it, as the step needs. Rejects with `prisma-migrating` if it cannot be acquired. */
  async holdFor(step: Pick<Step, 'transaction' | 'scans'>): Promise<void> {
    if (step.transaction === 'own' && !step.scans) await this.take()
    else await this.release()
  }

  async take(): Promise<void> {
    if (this.isHeld) return
    await takeAdvisoryLock(this.client, {
      ...this.options,
      key: KEY,
      whose: '`prisma migrate`',
      refuse: prismaIsMigrating,
    })
    this.isHeld = true
  }

  async release(): Promise<void> {
    if (!this.isHeld) return
    await releaseAdvisoryLock(this.client, KEY)
    this.isHeld = false
  }
}

/** Of Prisma's schema engine. */
const KEY = '72707369'
