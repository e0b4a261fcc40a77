import type { ReferentialAction } from '../../database/model'
import type { AuditFieldInDatabase } from '../present-fields'

/** The actions of the foreign key that differ from Prisma's defaults. */
export function actionsOf(
  { onDelete, onUpdate }: NonNullable<AuditFieldInDatabase['foreignKey']>,
  isOptional: boolean,
): string[] {
  return [
    ...(onDelete === (isOptional ? 'SET NULL' : 'RESTRICT') ? [] : [`onDelete: ${ACTION_WORDS[onDelete]}`]),
    ...(onUpdate === 'CASCADE' ? [] : [`onUpdate: ${ACTION_WORDS[onUpdate]}`]),
  ]
}

const ACTION_WORDS: Readonly<Record<ReferentialAction, string>> = {
  'NO ACTION': 'NoAction',
  RESTRICT: 'Restrict',
  CASCADE: 'Cascade',
  'SET NULL': 'SetNull',
  'SET DEFAULT': 'SetDefault',
}

/** `SET NULL` for `SetNull`; null if it is not an action of Prisma. */
export function referentialActionOf(word: string | null): ReferentialAction | null {
  const actions = Object.entries(ACTION_WORDS) as [ReferentialAction, string][]
  return actions.find(([, candidate]) => candidate === word)?.[0] ?? null
}
