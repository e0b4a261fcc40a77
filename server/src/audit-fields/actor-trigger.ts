import { cutName, quoteIdentifier } from '../database/quote'
import { kindOf, type AuditField } from './kinds'
import type { Policy } from './policy'

/** Whether the field is filled at each change or only in new rows. */
export type ActorWhen = 'write' | 'create'

/** When the current user is filled into the field, as the policy chooses; null for never. */
export function actorWhen(field: AuditField, policy: Policy): ActorWhen | null {
  const kind = kindOf(field)
  const actor = kind.shape === 'user' ? kind.actor : undefined
  if (actor === undefined || (actor === 'new rows, by choice' && !policy.actor.ownerId)) return null
  return actor === 'each change' ? 'write' : 'create'
}

/** The same if the policy requires a trigger for it too. */
export function actorTriggerOf(field: AuditField, policy: Policy): ActorWhen | null {
  return policy.actor.trigger ? actorWhen(field, policy) : null
}

/**
 * The function's body, which identifies the trigger. PL/pgSQL converts the text to the column's type. A value that the
 * statement sets is never overwritten: a second trigger `BEFORE UPDATE OF` the column, which fires just before this one
 * and has an argument, marks the row. The mark belongs to the transaction, the table and the depth of triggers.
 */
export function actorTriggerSource(column: string, when: ActorWhen): string {
  const field = `NEW.${quoteIdentifier(column)}`
  if (when === 'create') {
    return `
BEGIN
  IF ${field} IS NULL THEN
    ${field} := NULLIF(current_setting('app.actor', true), '');
  END IF;
  RETURN NEW;
END
`
  }
  return `
DECLARE
  actor text := NULLIF(current_setting('app.actor', true), '');
  place text := TG_RELID::text || ' ' || pg_trigger_depth()::text;
BEGIN
  IF actor IS NULL THEN
    RETURN NEW;
  END IF;
  IF TG_NARGS > 0 THEN
    -- The statement sets the column itself; the other trigger fires next.
    PERFORM set_config('prisma_audit.actor_given', place, true);
  ELSIF TG_OP = 'UPDATE' AND current_setting('prisma_audit.actor_given', true) = place THEN
    PERFORM set_config('prisma_audit.actor_given', '', true);
  ELSIF ${field} IS NULL OR TG_OP = 'UPDATE' AND ${field} IS NOT DISTINCT FROM OLD.${quoteIdentifier(column)} THEN
    ${field} := actor;
  END IF;
  RETURN NEW;
END
`
}

/**
 * `actor_set_lead_updated_by`, and `actor_given_lead_updated_by` for the trigger that leaves the mark: triggers fire in
 * the order of their names.
 */
export function actorTriggerName(table: string, field: AuditField, what: 'set' | 'given'): string {
  return cutName(`actor_${what}_${table.toLowerCase()}_${snakeCase(field)}`)
}

/** `fill_updated_by_with_actor` */
export function actorFunctionName(field: AuditField): string {
  return `fill_${snakeCase(field)}_with_actor`
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
