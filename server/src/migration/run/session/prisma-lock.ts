import type { DatabaseClient } from '../../../database/connect'
import type { Step } from '../../model'
import { releaseAdvisoryLock, takeAdvisoryLock, type LockRequest } from './advisory-lock'
import { prismaIsMigrating } from './errors'

export type PrismaLockOptions = Pick<LockRequest, 'signal' | 'waitForOther' | 'onWait'>

/**
 * The lock by which Prisma keeps its own migrations apart. We hold it while we change the structure for an instant, so
 * that `prisma migrate` never works between, and not while something takes long: it waits inside the server for ten
 * seconds only, and while it waits CREATE INDEX CONCURRENTLY, which waits for everybody, would not end.
 */
export class PrismaLock {
  private isHeld = false

  constructor(
    private readonly client: DatabaseClient,
    private readonly options: PrismaLockOptions,
  ) {}

  /** Takes it or lets it go, as the step needs. Rejects with `prisma-migrating` where it is not to be had. */
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
