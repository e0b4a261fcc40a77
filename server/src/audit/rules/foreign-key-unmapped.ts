import { phrase } from '../../text/phrase'
import { describeForeignKey } from '../values/describe'
import { followsFromAuditField, nameOf, pairFinding, type TableRule } from './table-rule'

/**
 * `foreign-key-unmapped`: the table has a foreign key without a relation in the schema. With `relationMode = "prisma"`,
 * no relation has a foreign key.
 */
export const foreignKeyUnmapped: TableRule = (pair, context) =>
  pair.foreignKeys.unmapped
    .filter((key) => !followsFromAuditField(key.columns, context))
    .map((key) => {
      const column = key.columns.length === 1 ? (key.columns[0] ?? null) : null
      const owner = pair.expected.columns.find(({ name }) => name === column)
      return pairFinding(pair, {
        code: 'foreign-key-unmapped',
        severity: 'information',
        message: context.usesForeignKeys
          ? phrase`${nameOf(pair.expected)} has no relation for the foreign key "${key.name}" to "${key.referencedTable}".`
          : phrase`The database has the foreign key "${key.name}" from ${nameOf(pair.expected)} to "${key.referencedTable}", but relationMode = "prisma" uses none.`,
        field: owner?.field ?? pair.expected.relationField,
        column,
        object: key.name,
        actual: describeForeignKey(key),
        ...(owner === undefined ? {} : { range: owner.range }),
      })
    })
