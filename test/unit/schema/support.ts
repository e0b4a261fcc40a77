import { formatSchema } from '@prisma/internals'
import type { UserPolicy } from '../../../server/src/audit-fields/kind'
import type { OwnerPolicy } from '../../../server/src/audit-fields/owner-id'
import { DEFAULT_POLICY, type Policy } from '../../../server/src/audit-fields/policy'
import type { UpdatedAtPolicy } from '../../../server/src/audit-fields/updated-at'
import { applyEdits } from '../../../server/src/schema/edits/apply-edits'
import type { TextEdit } from '../../../server/src/schema/edits/text-edit'
import type { SchemaModel } from '../../../server/src/schema/model'
import { parseSchema, type SourceFile } from '../../../server/src/schema/parse-schema'

export const FILE = 'schema.prisma'

export function schemaOf(text: string, previous?: SchemaModel): SchemaModel {
  return parseSchema([{ path: FILE, text }], previous)
}

export interface PolicyChanges {
  readonly userModel?: string
  readonly updatedAt?: Partial<UpdatedAtPolicy>
  readonly updatedBy?: Partial<UserPolicy>
  readonly ownerId?: Partial<OwnerPolicy>
}

/** The defaults of `prisma-audit.json`, changed as asked. */
export function policyWith(changes: PolicyChanges = {}): Policy {
  return {
    ...DEFAULT_POLICY,
    userModel: changes.userModel ?? DEFAULT_POLICY.userModel,
    fields: {
      ...DEFAULT_POLICY.fields,
      updatedAt: { ...DEFAULT_POLICY.fields.updatedAt, ...changes.updatedAt },
      updatedBy: { ...DEFAULT_POLICY.fields.updatedBy, ...changes.updatedBy },
      ownerId: { ...DEFAULT_POLICY.fields.ownerId, ...changes.ownerId },
    },
  }
}

interface TextFile extends SourceFile {
  readonly text: string
}

/** The files after the edits; those without edits as they are. */
export function applyToFiles(files: readonly TextFile[], edits: readonly TextEdit[]): TextFile[] {
  return files.map(({ path, text }) => ({
    path,
    text: applyEdits(
      text,
      edits.filter((edit) => edit.file === path),
    ),
  }))
}

/** Prisma's own formatter. It ends lines with LF whatever they ended with before. */
export async function formatted(text: string): Promise<string> {
  const [first] = await formatSchema({ schemas: [[FILE, text]] })
  if (first === undefined) throw new Error('The formatter gave nothing back.')
  return first[1]
}
