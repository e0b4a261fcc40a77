import type { ReferenceNames, UserPolicy } from '../kind'
import { isTimestampField, timestampKind, userKind, type TimestampField, type UserField } from '../kinds'
import { isRequiredField } from '../field-policies'
import type { Policy } from '../policy'
import { fieldNamesArgument, findAttribute, type FoundModel } from '../../schema/lookup'
import type { Field, ModelBlock, SchemaModel } from '../../schema/model'
import { presentField, relationByName, type AuditFieldInDatabase, type WantedAuditField } from '../present-fields'
import type { FieldRow } from '../../schema/edits/field-rows'
import type { IndexAddition, ModelAdditions } from '../../schema/edits/model-insertion'
import { firstFree } from '../../schema/edits/names'
import { snakeCase } from '../../schema/edits/naming-convention'
import { modelsThatCloseCycle } from '../../schema/edits/reference-cycles'
import { referenceNames } from './reference-names'
import { SchemaNames } from './schema-names'
import {
  modelsAreRelated,
  oppositeOf,
  orphanList,
  relationNameOf,
  relationNamesBetween,
  scalarNamesOf,
} from '../../schema/edits/relations'
import { userKeyOf, type UserKey } from '../../schema/edits/user-key'
import { actionsOf } from './referential-actions'

/** The parts of an audit field that the schema may lack. */
export const SCHEMA_PARTS = ['field', 'relation', 'list', 'index'] as const
export type SchemaPart = (typeof SCHEMA_PARTS)[number]

interface Draft {
  readonly found: FoundModel
  /** Names of existing and planned fields. */
  readonly names: Set<string>
  readonly hasSnakeCase: boolean
  readonly rows: FieldRow[][]
  readonly indexes: IndexAddition[]
}

/** Collects the additions to each model, so that names taken by one field are taken for the next. */
export class AuditFieldPlan {
  private readonly drafts = new Map<string, Draft>()
  private readonly user: FoundModel | null
  private readonly key: UserKey | null
  /** Planned relations between a model and the user, by the model's name. */
  private readonly relationNames = new Map<string, Set<string>>()
  private readonly addedParts = new Set<SchemaPart>()
  /** Models whose references to the user close a cycle. */
  private closeCycle: ReadonlySet<string> | null = null

  constructor(
    schema: SchemaModel,
    private readonly policy: Policy,
    private readonly wanted: readonly WantedAuditField[],
    private readonly names = new SchemaNames(schema),
  ) {
    this.user = names.findModel(policy.userModel)
    this.key = this.user === null ? null : userKeyOf(this.user.model)
    const distinct = new Map(wanted.map((item) => [`${item.field} of ${item.model}`, item]))
    for (const item of distinct.values()) this.add(item)
  }

  /** The added parts of the fields, in the order of `SCHEMA_PARTS`. */
  parts(): SchemaPart[] {
    return SCHEMA_PARTS.filter((part) => this.addedParts.has(part))
  }

  /** The additions to each model, in the order in which the models came up. */
  additions(): { found: FoundModel; additions: ModelAdditions }[] {
    return [...this.drafts.values()]
      .map(({ found, rows, indexes }) => ({
        found,
        additions: { rows: rows.filter((unit) => unit.length > 0), indexes },
      }))
      .filter(({ additions: { rows, indexes } }) => rows.length > 0 || indexes.length > 0)
  }

  private add({ model, field, inDatabase: known }: WantedAuditField): void {
    const inDatabase = known ?? null
    const draft = this.draft(model)
    if (draft === null) return
    if (isTimestampField(field)) this.addTimestamp(draft, field, inDatabase)
    else this.addReference(draft, field, inDatabase)
  }

  private draft(model: string): Draft | null {
    const known = this.drafts.get(model)
    if (known !== undefined) return known
    const found = this.names.findModel(model)
    if (found === null) return null
    const names = new Set(found.model.fields.map((field) => field.name.text))
    const hasSnakeCase = this.names.usesSnakeCase(found.model)
    const draft = { found, names, hasSnakeCase, rows: [], indexes: [] }
    this.drafts.set(model, draft)
    return draft
  }

  private addTimestamp(draft: Draft, field: TimestampField, inDatabase: AuditFieldInDatabase | null): void {
    const policy = this.policy.fields[field]
    const { attributes, newNames } = timestampKind(field)
    const present = presentField(this.policy, draft.found.model, field)
    const name = present?.field.name.text ?? take(draft, draft.hasSnakeCase ? newNames.map(snakeCase) : newNames)
    const column = present?.column ?? inDatabase?.column ?? policy.column
    if (present === null) {
      this.addedParts.add('field')
      const isOptional = inDatabase?.nullable ?? !isRequiredField(field, this.policy)
      const type = isOptional ? 'DateTime?' : 'DateTime'
      draft.rows.push([{ name, type, attributes: joined(attributes, mapAttribute(name, column)) }])
    }
    if (policy.index) this.addIndex(draft, name, column, inDatabase)
  }

  private addReference(draft: Draft, field: UserField, inDatabase: AuditFieldInDatabase | null): void {
    const policy = this.policy.fields[field]
    const key = this.keyTypeFor(policy)
    const hasSnakeCase = {
      model: draft.hasSnakeCase,
      user: this.user !== null && this.names.usesSnakeCase(this.user.model),
    }
    const names = referenceNames(field, draft.found.model.name.text, policy.relation, hasSnakeCase)
    const present = presentField(this.policy, draft.found.model, field)
    if (key === null) return
    const existing = present?.relation ?? (present === null ? relationByName(draft.found.model, field) : null)
    const scalar =
      present?.field.name.text ?? (existing === null ? take(draft, names.scalars) : scalarNamesOf(existing)[0]) ?? ''
    const column = present?.column ?? inDatabase?.column ?? policy.column
    const isOptional =
      present === null ? (inDatabase?.nullable ?? !this.isRequired(field)) : present.field.type.arity === 'optional'
    const unit: FieldRow[] = []
    if (present === null) {
      this.addedParts.add('field')
      const attributes = joined(mapAttribute(scalar, column), key.nativeType)
      unit.push({ name: scalar, type: key.type + (isOptional ? '?' : ''), attributes })
    }
    draft.rows.push(unit)
    const hasRelation = policy.relation && (present === null || present.field.type.name === key.type)
    if (hasRelation) this.addRelation(draft, unit, { field, names, scalar, column, isOptional, existing, inDatabase })
    if (policy.index || (hasRelation && this.names.relationsByClient)) this.addIndex(draft, scalar, column, inDatabase)
  }

  /** Without a relation, the type may be that of users in another service. */
  private keyTypeFor({ relation, type }: UserPolicy): Pick<UserKey, 'type' | 'nativeType'> | null {
    if (relation || type === null) return this.key
    return { type: type.field, nativeType: type.native === null ? '' : `@${this.names.datasource}.${type.native}` }
  }

  private addRelation(
    draft: Draft,
    unit: FieldRow[],
    reference: {
      readonly field: UserField
      readonly names: ReferenceNames
      readonly scalar: string
      readonly column: string
      readonly isOptional: boolean
      readonly existing: Field | null
      readonly inDatabase: AuditFieldInDatabase | null
    },
  ): void {
    const { field, names, scalar, column, isOptional, existing, inDatabase } = reference
    const { user, key } = this
    const userDraft = this.draft(this.policy.userModel)
    if (user === null || key === null || userDraft === null) return
    const { model } = draft.found
    if (existing !== null) {
      if (existing.type.name === user.model.name.text && oppositeOf(model, existing, user.model) === null) {
        this.addList(userDraft, draft, names, relationNameOf(existing))
      }
      return
    }
    const orphan = orphanList(model, user.model, names.lists)
    const name = orphan === null ? this.chooseRelationName(model, user.model, field, names) : relationNameOf(orphan)
    const parts = [
      ...(name === null ? [] : [JSON.stringify(name)]),
      `fields: [${scalar}], references: [${key.field.name.text}]`,
      ...(this.names.relationsByClient || !inDatabase?.foreignKey
        ? this.actions(this.policy.fields[field], isOptional, model, user.model)
        : actionsOf(inDatabase.foreignKey, isOptional)),
      ...this.foreignKeyMap(draft, column, inDatabase),
    ]
    this.addedParts.add('relation')
    unit.push({
      name: take(draft, names.relations),
      type: user.model.name.text + (isOptional ? '?' : ''),
      attributes: joined(`@relation(${parts.join(', ')})`, needsIgnore(user.model, model) ? '@ignore' : ''),
    })
    if (orphan === null) this.addList(userDraft, draft, names, name)
  }

  /** The list on the user's side, which Prisma requires for every relation. */
  private addList(userDraft: Draft, draft: Draft, names: ReferenceNames, relationName: string | null): void {
    const { model } = draft.found
    const relation = relationName === null ? '' : `@relation(${JSON.stringify(relationName)})`
    const ignore = needsIgnore(model, userDraft.found.model) ? '@ignore' : ''
    const row = {
      name: take(userDraft, names.lists),
      type: `${model.name.text}[]`,
      attributes: joined(relation, ignore),
    }
    this.addedParts.add('list')
    userDraft.rows.push([row])
  }

  /** Relations of some kinds always have a name, others only if Prisma could not distinguish them otherwise. */
  private chooseRelationName(
    model: ModelBlock,
    user: ModelBlock,
    field: UserField,
    names: ReferenceNames,
  ): string | null {
    const modelName = model.name.text
    const willBeRelated = this.wanted.some(
      (other) =>
        other.model === modelName &&
        !isTimestampField(other.field) &&
        userKind(other.field).alwaysNamesRelation &&
        this.policy.fields[other.field].relation,
    )
    const needsName = userKind(field).alwaysNamesRelation || modelsAreRelated(model, user) || willBeRelated
    if (!needsName) return null
    const taken = this.relationNames.get(modelName) ?? relationNamesBetween(model, user)
    this.relationNames.set(modelName, taken)
    const name = firstFree(names.relationNames, (candidate) => taken.has(candidate))
    taken.add(name)
    return name
  }

  private isRequired(field: UserField): boolean {
    return isRequiredField(field, this.policy)
  }

  /** Only what differs from Prisma's defaults. */
  private actions({ onDelete }: UserPolicy, isOptional: boolean, model: ModelBlock, user: ModelBlock): string[] {
    if (this.names.relationsByClient) {
      this.closeCycle ??= modelsThatCloseCycle(user, (name) => this.names.findModel(name)?.model ?? null)
      if (this.closeCycle.has(model.name.text)) return ['onDelete: Restrict', 'onUpdate: Restrict']
      // The client supports no others.
      if (onDelete !== 'Cascade' && onDelete !== 'Restrict') return []
    }
    const isDefault = onDelete === (isOptional ? 'SetNull' : 'Restrict')
    // A required column cannot be set to NULL, whatever the policy says.
    return isDefault || onDelete === 'SetNull' ? [] : [`onDelete: ${onDelete}`]
  }

  /** An index that starts with the field covers it too. */
  private addIndex(draft: Draft, field: string, column: string, inDatabase: AuditFieldInDatabase | null): void {
    const { model } = draft.found
    const standing = model.fields.find((candidate) => candidate.name.text === field)
    const isUnique = standing?.attributes.some(({ name }) => name.text === 'id' || name.text === 'unique') ?? false
    const isCovered = model.attributes.some(
      (attribute) =>
        ['id', 'unique', 'index'].includes(attribute.name.text) &&
        fieldNamesArgument(attribute, 'fields', 0)[0] === field,
    )
    if (isUnique || isCovered || draft.indexes.some((index) => index.field === field)) return
    this.addedParts.add('index')
    draft.indexes.push({ field, map: this.names.derived.mapOfIndex(model, column, inDatabase?.indexName ?? null) })
  }

  /** `map:` if the foreign key does not have Prisma's default name. */
  private foreignKeyMap(draft: Draft, column: string, inDatabase: AuditFieldInDatabase | null): string[] {
    if (this.names.relationsByClient) return []
    const map = this.names.derived.mapOfForeignKey(draft.found.model, column, inDatabase?.foreignKey?.name ?? null)
    return map === null ? [] : [`map: ${JSON.stringify(map)}`]
  }
}

function take(draft: Draft, candidates: readonly string[]): string {
  const name = firstFree(candidates, (candidate) => draft.names.has(candidate))
  draft.names.add(name)
  return name
}

function mapAttribute(name: string, column: string): string {
  return name === column ? '' : `@map(${JSON.stringify(column)})`
}

function joined(...attributes: string[]): string {
  return attributes.filter((attribute) => attribute !== '').join(' ')
}

/** A relation to a model that the client ignores must be ignored too, unless its own model is. */
function needsIgnore(target: ModelBlock, holder: ModelBlock): boolean {
  return findAttribute(target, 'ignore') !== null && findAttribute(holder, 'ignore') === null
}
