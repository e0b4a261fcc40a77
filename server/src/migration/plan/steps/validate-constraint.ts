import { quoteIdentifier } from '../../../database/quote'
import { foreignKeyCheck } from '../checks/foreign-key'
import { step } from './step'
import type { Step } from '../../model'
import type { ForeignKeyPlace } from '../audit-target'
import { tableName } from '../sql'
import { recipeForeignKey } from '../recipe-parts'
import { titleOfName } from '../titles'

/** Validates the foreign key for existing rows without blocking reads and writes. */
export function validateForeignKey(place: ForeignKeyPlace): Step {
  const table = tableName(place)
  return step({
    recipe: { builder: 'validate-foreign-key', parameters: recipeForeignKey(place) },
    id: `validate-constraint:${place.schema}.${place.table}.${place.name}`,
    kind: 'validate-constraint',
    title: `Validate foreign key ${titleOfName(place.name)}`,
    schema: place.schema,
    table: place.table,
    up: [`ALTER TABLE ${table} VALIDATE CONSTRAINT ${quoteIdentifier(place.name)}`],
    // A constraint cannot be made NOT VALID again. Ours is dropped by its own step; another one stays valid.
    down: [],
    verify: [foreignKeyCheck(place, 'validated')],
    lock: { mode: 'SHARE UPDATE EXCLUSIVE', tables: [table], duration: 'reading' },
    scans: true,
    estimatedRows: place.databaseTable?.estimatedRows ?? null,
  })
}
