import { actorMissing, type ActorGap } from '../audit/actor-missing'
import { compareFiles } from '../audit/compare'
import type { ComparisonCache } from '../audit/comparison-cache'
import type { ExternalNames } from '../audit/database-index'
import type { FileFindings, Finding } from '../audit/finding'
import { policyFindings, type PolicySource } from '../audit/policy-findings'
import { otherLanguageFinding, schemaSyntax } from '../audit/schema-findings'
import { kindOfCode } from '../audit-fields/kinds'
import type { DatabaseModel } from '../database/model'
import type { SchemaModel } from '../schema/model'
import type { OtherLanguage } from './other-language'

/** The input of one comparison. */
export interface ProjectState {
  readonly schema: SchemaModel
  readonly database: DatabaseModel | null
  readonly external: ExternalNames
  readonly cache: ComparisonCache
  readonly otherLanguage: OtherLanguage | null
  /** Of a schema for another database than PostgreSQL. */
  readonly otherProvider: string | null
  readonly policyFile: PolicySource
  /** What the application's code lacks, if it was searched. */
  readonly actorGap: ActorGap | null
  /** Whether we must report syntax errors of the schema, because Prisma's extension is not installed. */
  readonly reportsSyntax: boolean
}

/** The findings of a project's files: of the schema, and of the policy if it has problems. */
export function findingsOfProject(state: ProjectState): readonly FileFindings[] {
  const { schema, database, external, cache, otherLanguage, otherProvider, policyFile, actorGap, reportsSyntax } = state
  if (otherLanguage !== null) return nothingBut(otherLanguage, schema)
  const compare = () => compareFiles({ schema, policy: policyFile.reading.policy, database, cache, external })
  // Nothing is asked of a schema that cannot be migrated, and no policy is offered for it: the status bar says why.
  const compared =
    otherProvider === null
      ? withPolicyFindings(compare(), policyFile, schema, actorGap)
      : schema.files.map(({ path }) => ({ file: path, findings: NONE }))
  if (!reportsSyntax || schema.files.every((file) => file.problems.length === 0)) return compared
  return compared.map((entry, index) => {
    const file = schema.files[index]
    if (file === undefined || file.problems.length === 0) return entry
    return { file: entry.file, findings: [...schemaSyntax(file), ...entry.findings] }
  })
}

/** Always the same list, so that it is not published again. */
const NONE: readonly Finding[] = []

/** One hint, at the beginning of the schema. */
function nothingBut({ file, isSchema, what }: OtherLanguage, schema: SchemaModel): readonly FileFindings[] {
  const files = schema.files.map(({ path }) => path)
  const hinted = isSchema ? file : files[0]
  return files.map((schemaFile) => ({
    file: schemaFile,
    findings: schemaFile === hinted ? [otherLanguageFinding(schemaFile, what)] : [],
  }))
}

/** An invalid policy does not count as no policy. */
function withPolicyFindings(
  compared: readonly FileFindings[],
  policyFile: PolicySource,
  schema: SchemaModel,
  actorGap: ActorGap | null,
): readonly FileFindings[] {
  const gaps = actorGap === null ? [] : [actorMissing(actorGap, policyFile)]
  const found = [...policyFindings(policyFile, schema), ...gaps]
  if (found.length === 0) return compared
  const isAudit = (finding: Finding) => kindOfCode(finding.code) !== undefined
  const schemaFiles =
    policyFile.reading.policy !== null
      ? compared
      : compared.map(({ file, findings }) => ({ file, findings: findings.filter((finding) => !isAudit(finding)) }))
  return [...schemaFiles, { file: policyFile.path, findings: found }]
}
