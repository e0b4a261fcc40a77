import { catalogTable, isOldTable, lockSeverity, sizeOf, type LintRule } from '../context'
import { alterActions, shown, tableName } from '../syntax'
import { phrase } from '../../text/phrase'

export const attachPartitionScan: LintRule = {
  code: 'attach-partition-scan',
  check(context) {
    return alterActions(context.statement).flatMap(({ command, span }) => {
      const { subtype, def } = command
      if (subtype !== 'AT_AttachPartition' || def === undefined || !('PartitionCmd' in def)) return []
      const partition = tableName(def.PartitionCmd.name)
      if (!isOldTable(context, partition)) return []
      // Only PostgreSQL can tell whether a CHECK implies the bounds; a valid one is assumed to.
      if (catalogTable(context, partition)?.checks.some(({ validated }) => validated) === true) return []
      return [
        {
          severity: lockSeverity(context, partition),
          message: phrase`Blocks reads and writes of ${shown(partition)}${sizeOf(context, partition)} while every row is checked against the partition bounds (ACCESS EXCLUSIVE lock).`,
          advice: phrase`First add a NOT VALID CHECK constraint that matches the partition bounds and validate it; ATTACH PARTITION then skips the scan.`,
          span,
        },
      ]
    })
  },
}
