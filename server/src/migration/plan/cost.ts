import { phrase, type Phrase } from '../../text/phrase'
import type { Replication, TableSize } from '../../database/model-surroundings'
import type { Plan, Step } from '../model'
import { tableName } from './sql'
import { sizeWords } from '../../text/size-words'

/**
 * Disk space and WAL of the migration, estimated from the table sizes, and who waits for the WAL or retains it. A
 * filled row is written again, and so are its entries in the other indexes.
 */
export function costRemarks(
  plan: Plan,
  sizes: ReadonlyMap<string, TableSize>,
  { slots, synchronousStandbys }: Replication,
): Phrase[] {
  if (plan.steps.length === 0) return []
  const { disk, wal, isWhole } = costOf(plan, sizes)
  const remarks: Phrase[] = []
  const [space, written] = [sizeWords(disk), sizeWords(wal)]
  if (wal > 0) {
    remarks.push(
      isWhole
        ? phrase`Disk and WAL: filling rows and creating indexes needs about ${space} of disk space and writes about ${written} of WAL (estimated from the table sizes; checkpoints add WAL). VACUUM makes the space of old row versions reusable.`
        : phrase`Disk and WAL: filling rows and creating indexes needs about ${space} of disk space and writes about ${written} of WAL (estimated from the table sizes, without tables of unknown size; checkpoints add WAL). VACUUM makes the space of old row versions reusable.`,
    )
  }
  const holding = slots.filter(({ isActive, bytes: kept }) => !isActive || kept > MUCH)
  for (const { name, isActive, bytes } of holding) {
    const kept = sizeWords(bytes)
    remarks.push(
      isActive
        ? phrase`Replication slot "${name}" lags behind and retains ${kept} of WAL. It will also retain the WAL of the migration. Let its consumer catch up first, or drop it with pg_drop_replication_slot() if it is unused.`
        : phrase`Replication slot "${name}" is inactive and retains ${kept} of WAL. It will also retain the WAL of the migration. Let its consumer catch up first, or drop it with pg_drop_replication_slot() if it is unused.`,
    )
  }
  if (synchronousStandbys !== '') {
    remarks.push(
      phrase`Commits wait for synchronous standbys (synchronous_standby_names = '${synchronousStandbys}'). If no standby answers, each step and each batch waits at COMMIT.`,
    )
  }
  return remarks
}

function costOf(plan: Plan, sizes: ReadonlyMap<string, TableSize>) {
  let disk = 0
  let wal = 0
  let isWhole = true
  const filled = new Set<string>()
  for (const step of plan.steps) {
    if (!FILLS_OR_INDEXES.has(step.kind)) continue
    const name = tableName(step)
    const size = sizes.get(name)
    if (size === undefined) {
      isWhole = false
      continue
    }
    if (step.kind === 'create-index') {
      const index = INDEX_SHARE * size.rows
      disk += index
      wal += index
    } else if (step.id.startsWith('populate:')) {
      // The space of row versions from the first fill is reused by the second.
      if (!filled.has(name)) disk += size.rows + size.indexes / 2
      filled.add(name)
      wal += 2 * size.rows + size.indexes
    }
  }
  return { disk, wal, isWhole }
}

const FILLS_OR_INDEXES: ReadonlySet<Step['kind']> = new Set<Step['kind']>(['populate', 'create-index'])

/** An entry of about 20 bytes for a row of about 100. */
const INDEX_SHARE = 0.25

/** A slot whose consumer keeps up retains less. */
const MUCH = 1024 ** 3
