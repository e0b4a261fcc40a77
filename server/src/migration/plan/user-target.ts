import { isRequiredField } from '../../audit-fields/field-policies'
import type { UserField } from '../../audit-fields/kinds'
import type { UserReferenceTarget } from './audit-target'
import type { FieldContext } from './field-context'

/** A planned reference to the user; only these parts differ with and without a relation. */
export function userTarget(
  context: FieldContext,
  field: UserField,
  parts: Pick<UserReferenceTarget, 'index' | 'type' | 'foreignKey' | 'populate'>,
): UserReferenceTarget {
  const { actual, column, databaseColumn, expected, schemaColumn, schemaName } = context
  return {
    model: expected.model,
    shape: 'user',
    field,
    schema: schemaName,
    table: expected.name,
    column,
    nullable: isRequired(context, field) ? false : (databaseColumn?.nullable ?? true),
    databaseTable: actual,
    databaseColumn,
    isInSchema: schemaColumn !== null,
    ...parts,
  }
}

/** By the policy, or because the schema has the field without a question mark. */
export function isRequired({ policy, schemaColumn }: FieldContext, field: UserField): boolean {
  return isRequiredField(field, policy) || schemaColumn?.nullable === false
}
