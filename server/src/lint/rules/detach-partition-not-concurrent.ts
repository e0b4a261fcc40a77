import { isOldTable, type LintRule } from '../context'
import { insertion } from '../fixes'
import { alterActions, shown } from '../syntax'
import { phrase } from '../../text/phrase'

export const detachPartitionNotConcurrent: LintRule = {
  code: 'detach-partition-not-concurrent',
  check(context) {
    return alterActions(context.statement).flatMap(({ table, command, span }) => {
      const { subtype, def } = command
      if (subtype !== 'AT_DetachPartition' || def === undefined || !('PartitionCmd' in def)) return []
      if (def.PartitionCmd.concurrent === true || !isOldTable(context, table)) return []
      return [
        {
          severity: 'warning',
          message: phrase`Blocks reads and writes of ${shown(table)} until its transaction ends (ACCESS EXCLUSIVE lock).`,
          advice: phrase`Use DETACH PARTITION … CONCURRENTLY as the only statement of its migration (not possible with a default partition).`,
          span,
          fix:
            context.transaction === null
              ? { title: phrase`Detach the partition CONCURRENTLY`, edits: [insertion(span.end, ' CONCURRENTLY')] }
              : null,
        },
      ]
    })
  },
}
