import { actorMissing, type ActorGap } from '../audit/actor-missing'
import { compareFiles } from '../audit/compare'
import { createComparisonCache } from '../audit/comparison-cache'
import type { DatabaseIndex, ExternalNames } from '../audit/database-index'
import type { FileFindings, Finding } from '../audit/finding'
import { modelSides, type ModelSides } from '../audit/model-sides'
import { openExpressions } from '../audit/open-expressions'
import type { Policy } from '../audit-fields/policy'
import type { DatabaseModel } from '../database/model'
import type { ExpressionPair } from '../database/model-expressions'
import type { ModelBlock, SchemaModel } from '../schema/model'
import { findActorGap, wantsActor } from './actor-gap'
import { answerOf, answerWithSaved } from './answers'
import { findingsOfProject } from './compare-project'
import type { LiveDatabase } from './live-database'
import type { ProjectLocation } from './model'
import type { OtherLanguage } from './other-language'
import type { PolicyFile } from './policy-file'
import type { ProjectPaths } from './project-paths'
import type { Answer } from './saved-findings'
import type { SchemaSource } from './schema-source'

/** The sources of a project's findings. */
export interface FindingSources {
  readonly location: ProjectLocation
  readonly paths: ProjectPaths
  readonly source: SchemaSource
  readonly policyFile: PolicyFile
  readonly live: LiveDatabase
  /** Whether we must report syntax errors of the schema, because Prisma's extension is not installed. */
  readonly reportsSyntax: boolean
  external(): ExternalNames
  otherLanguage(): OtherLanguage | null
  otherProvider(): string | null
}

/** The findings of one project, computed again only where something changed. */
export class ProjectFindings {
  private readonly cache = createComparisonCache()
  /** Weak, because the schema of the last look at the database may be many edits old. */
  private readonly open = new WeakMap<
    SchemaModel,
    { readonly database: DatabaseModel; readonly pairs: readonly ExpressionPair[] }
  >()
  private gap: ActorGap | null = null

  constructor(private readonly sources: FindingSources) {}

  /** All current findings, with the known database. */
  all(): readonly Finding[] {
    return this.byFile().flatMap(({ findings }) => findings)
  }

  /** The same per file: a file's list is the same object as long as nothing in it changes. */
  byFile(): readonly FileFindings[] {
    return this.compareWith(this.database)
  }

  ofFile(file: string): readonly Finding[] {
    return this.byFile().find((each) => each.file === file)?.findings ?? []
  }

  /** As `answerFrom` for the current catalog, or the cached findings if nothing has changed. */
  async answer(signal: AbortSignal): Promise<Answer> {
    const { location, live, source, policyFile, reportsSyntax } = this.sources
    const answerFrom = (database: DatabaseModel) => this.answerFrom(database)
    const external = this.sources.external()
    const inputs = { location, live, source, policyFile, reportsSyntax, external, answerFrom }
    return await answerWithSaved(inputs, signal)
  }

  /** All findings with the given catalog. */
  answerFrom(database: DatabaseModel): Answer {
    return answerOf(database, this.schema, this.compareWith(database))
  }

  /** The number of warnings with another policy and the known database. */
  warningsWith(policy: Policy): number {
    const { schema, database } = this
    const external = this.sources.external()
    const files = compareFiles({ schema, policy, database, cache: createComparisonCache(), external })
    return files.flatMap(({ findings }) => findings).filter(({ severity }) => severity === 'warning').length
  }

  /**
   * Checks whether nothing in the workspace's code fills the user fields that the policy requires, which later findings
   * then report. Returns whether they changed.
   */
  async lookForActor(signal?: AbortSignal): Promise<boolean> {
    const before = JSON.stringify(this.gap)
    this.gap = await this.actorGap(() => this.byFile(), signal)
    return JSON.stringify(this.gap) !== before
  }

  /** The same for existing findings. */
  async actorFindings(found: readonly FileFindings[], signal: AbortSignal): Promise<readonly FileFindings[]> {
    const gap = await this.actorGap(() => found, signal)
    const { policyFile } = this.sources
    return gap === null ? [] : [{ file: policyFile.path, findings: [actorMissing(gap, policyFile)] }]
  }

  /** The database by its names; null without a connection. */
  get databaseIndex(): DatabaseIndex | null {
    this.byFile()
    return this.database === null ? null : this.cache.index
  }

  /** One model and its table; null for a language other than Prisma's, or another database than PostgreSQL. */
  sidesOf(model: ModelBlock): ModelSides | null {
    const { schema, policy, database, cache, sources } = this
    if (!this.isSupported) return null
    return modelSides(model, { schema, policy, database, cache, external: sources.external() })
  }

  /** The expressions that PostgreSQL normalizes. Computed once per schema and catalog. */
  expressionsToSpell(database: DatabaseModel): readonly ExpressionPair[] {
    const { schema } = this
    const known = this.open.get(schema)
    if (known?.database === database) return known.pairs
    const pairs = openExpressions(schema, database, this.cache)
    this.open.set(schema, { database, pairs })
    return pairs
  }

  private compareWith(database: DatabaseModel | null): readonly FileFindings[] {
    const { schema, cache, sources } = this
    const { policyFile, reportsSyntax } = sources
    return findingsOfProject({
      ...{ schema, database, cache, policyFile, reportsSyntax },
      external: sources.external(),
      otherLanguage: sources.otherLanguage(),
      otherProvider: sources.otherProvider(),
      actorGap: this.gap,
    })
  }

  private async actorGap(found: () => readonly FileFindings[], signal?: AbortSignal): Promise<ActorGap | null> {
    const { policy, sources } = this
    // Most policies need none, and then the schema is not parsed for this.
    if (policy === null || !wantsActor(policy) || !this.isSupported) return null
    const { paths, location } = sources
    const options = { paths, schemaPath: location.schemaPath, ...(signal === undefined ? {} : { signal }) }
    return await findActorGap(this.schema, policy, found(), options)
  }

  private get isSupported(): boolean {
    return this.sources.otherLanguage() === null && this.sources.otherProvider() === null
  }

  private get schema(): SchemaModel {
    return this.sources.source.model
  }

  private get policy(): Policy | null {
    return this.sources.policyFile.reading.policy
  }

  private get database(): DatabaseModel | null {
    return this.sources.live.snapshot?.database ?? null
  }
}
