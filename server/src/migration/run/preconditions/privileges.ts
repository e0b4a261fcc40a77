import { phrase, type Phrase } from '../../../text/phrase'
import type { DatabaseClient } from '../../../database/connect'
import { quoteLiteral } from '../../../database/quote'
import type { Privilege, Step } from '../../model'
import { privilegesMissing } from './errors'

/** Rejects with all missing privileges, before the first change. */
export async function requirePrivileges(
  client: DatabaseClient,
  steps: readonly Step[],
  journal: 'needed' | 'there already',
): Promise<void> {
  const wanted = new Map<string, Privilege>()
  for (const privilege of steps.flatMap((step) => step.privileges)) {
    wanted.set(`${privilege.action} ${privilege.name}`, privilege)
  }
  const questions = [...wanted.values()].map(question)
  if (journal === 'needed') {
    questions.push({
      lacking: phrase`CREATE on the database, for the journal (schema prisma_audit)`,
      condition:
        `has_database_privilege(current_database(), 'CREATE') OR ` +
        `coalesce(has_schema_privilege(to_regnamespace('prisma_audit'), 'CREATE'), false)`,
    })
  }
  if (questions.length === 0) return
  const { rows } = await client.query<{ number: number; role: string }>(
    `SELECT number, current_user::text AS role FROM (VALUES ${questions
      .map(({ condition }, index) => `(${index}, (${condition}))`)
      .join(', ')}) AS q (number, granted) WHERE NOT granted ORDER BY number`,
  )
  const [first] = rows
  if (first !== undefined)
    throw privilegesMissing(
      rows.flatMap(({ number }) => questions[number]?.lacking ?? []),
      first.role,
    )
}

/** A condition that is true if the role has the privilege, or if the object does not exist. */
function question({ action, name }: Privilege): { readonly lacking: Phrase; readonly condition: string } {
  const table = `to_regclass(${quoteLiteral(name)})`
  switch (action) {
    case 'own':
      return {
        lacking: phrase`ownership of ${name}`,
        condition: `coalesce((SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = ${table}), true)`,
      }
    case 'references':
      return {
        lacking: phrase`REFERENCES on ${name}`,
        condition: `coalesce(has_any_column_privilege(${table}, 'REFERENCES'), true)`,
      }
    case 'select':
      return {
        lacking: phrase`SELECT on ${name}`,
        condition: `coalesce(has_any_column_privilege(${table}, 'SELECT'), true)`,
      }
    case 'insert':
      return {
        lacking: phrase`INSERT on ${name}`,
        condition: `coalesce(has_table_privilege(${table}, 'INSERT'), true)`,
      }
    case 'create-in-schema':
      return {
        lacking: phrase`CREATE on the schema ${name}`,
        condition: `coalesce(has_schema_privilege(to_regnamespace(${quoteLiteral(name)}), 'CREATE'), true)`,
      }
  }
}
