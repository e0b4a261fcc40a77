import { appendMembers } from '../append-members'
import type { FileContext } from '../facts'
import { isShown } from '../field-names'
import { graphqlTypes, type GraphQLField, type GraphQLType } from '../graphql-types'
import type { AddedMember, CodeModel, EvidenceName, Site } from '../model'
import { placeEvidence } from '../place-evidence'
import { isSilenced } from '../silenced-lines'
import type { SourceTree } from '../syntax'
import { TextPlaces } from '../text-places'
import { evidenceOfMembers, mirrorByName } from './mirrors'

/**
 * Finds `type User { … }` in GraphQL's schema language that mirrors a model. A user is added by the key, which every
 * record has: a field of the user's type would always be null, because it has no resolver yet.
 */
export function findGraphQLSites(text: string, tree: SourceTree | null, context: FileContext): readonly Site[] {
  const types = context.isGenerated ? [] : graphqlTypes(context.path, text, tree)
  if (types.length === 0 || isPrinted(types) || (tree === null && PRINTED.test(text))) return []
  const places = new TextPlaces(text)
  return types.flatMap((type): Site[] => {
    const mirror = mirrorByName(type.name, context.models)
    const present = new Map(type.fields.map((field) => [field.name, field]))
    const known = mirror === null ? null : evidenceOfMembers([...present.keys()], mirror.model)
    if (mirror === null || known === null) return []
    const { model } = mirror
    const line = places.positionAt(type.nameStart).line
    const missing = model.members.filter(
      (member) => !isShown(member, present.keys()) && !isSilenced(context.silenced, [line], member.auditField),
    )
    if (missing.length === 0) return []
    const evidence: EvidenceName[] = [...known, mirror.evidence, ...placeEvidence(context.path, type.name, model.model)]
    const names = missing.map(({ column }) => column.name)
    const members = missing.map((member) => `${member.column.name}: ${typeOf(member, present, model)}`)
    return [
      {
        ...appendMembers(text, type, '', members),
        title: `Add ${names.join(' and ')} to GraphQL type ${type.name}`,
        place: { start: type.nameStart, end: type.nameEnd },
        model: model.model,
        names,
        kind: 'graphql',
        evidence,
      },
    ]
  })
}

/** What NestJS and API generators (`UserWhereInput`) write into the schemas that they print. */
const PRINTED = /A date-time string at UTC|^input \w+Where(?:Unique)?Input\b/m

/** Libraries that generate the schema from code print the fields of each type in alphabetical order. */
function isPrinted(types: readonly GraphQLType[]): boolean {
  return types.every(({ fields }) => {
    const names = fields.map(({ name }) => name)
    return names.length > 3 && names.every((name, index) => index === 0 || (names[index - 1] ?? '') <= name)
  })
}

function typeOf({ shape, column }: AddedMember, present: ReadonlyMap<string, GraphQLField>, model: CodeModel): string {
  if (shape.kind === 'date') {
    return [...present.values()].find(({ name }) => model.dateFields.has(name))?.type ?? 'String'
  }
  if (present.get('id')?.type === 'ID') return 'ID'
  return column.type === 'number' ? 'Int' : 'String'
}
