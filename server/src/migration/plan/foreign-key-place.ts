import type { ForeignKeyPlace, ForeignKeyTarget, UserReferenceTarget } from './audit-target'

/** The foreign key of an audit field. */
export function foreignKeyPlace(target: UserReferenceTarget, foreignKey: ForeignKeyTarget): ForeignKeyPlace {
  const { schema, table, column, databaseTable } = target
  const { user, name, onDelete, onUpdate } = foreignKey
  const referenced = { schema: user.schema, table: user.table, columns: [user.column] }
  return { schema, table, columns: [column], referenced, name, onDelete, onUpdate, databaseTable }
}
