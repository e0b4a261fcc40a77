import type { Node } from '@babel/types'
import { graphqlTypes } from './graphql-types'
import { editsOfFiles, type ApplicationQuestion } from './find-application-edits'
import type { CodeModels, SourceText } from './model'
import { codeModels } from './model-additions'
import { memberRemovals, textWithout, type Member, type Removal } from './member-removals'
import { parseSource } from './parse-source'
import { isGraphQL } from './source-names'
import { placeOf, propertyName, sourceTree } from './syntax'
import { TextPlaces } from './text-places'
import { textDigest } from '../schema/edits/text-digest'
import type { TextEdit } from '../schema/edits/text-edit'

export interface RemovalAnswer {
  readonly edits: readonly TextEdit[]
  /** Places that differ from what the edits write, each as `file:line: sentence`. */
  readonly notes: readonly string[]
}

/**
 * The reverse of `findApplicationEdits`: removes the members named like the audit fields, computes the edits again, and
 * removes exactly those members that the edits would add, wherever they are and however they were formatted since. So
 * the run needs no record of its edits, and what somebody wrote differently stays. Pure and total.
 */
export function findApplicationRemovals({ files, schema, policy, additions }: ApplicationQuestion): RemovalAnswer {
  return removalsOfFiles(files, codeModels(schema, policy, additions), '')
}

/** The same, for models that are already derived from the schema as it is after the rollback. */
export function removalsOfFiles(files: readonly SourceText[], models: CodeModels, root: string): RemovalAnswer {
  const names = new Set(
    [...models.values()].flatMap(({ members }) => members.flatMap(({ name, column }) => [name, column.name])),
  )
  const sources = files.map((file) => readSource(file, names))
  const stripped = sources.map(({ file, candidates }) => stripAll(file.text, candidates))
  const { edits: again } = editsOfFiles(
    sources.map(({ file }, index) => ({ path: file.path, text: stripped[index]?.text ?? '' })),
    models,
    { root, withUnlikely: true },
  )
  const edits: TextEdit[] = []
  const notes: string[] = []
  sources.forEach((source, index) => {
    const { file, candidates } = source
    const strippedFile = stripped[index]
    const written = again.filter((edit) => edit.file === file.path)
    if (strippedFile === undefined || candidates.length === 0 || written.length === 0) return
    const { taken, otherwise } = judge(source, strippedFile, written)
    const places = new TextPlaces(file.text)
    const madeFor = textDigest(file.text)
    edits.push(
      ...memberRemovals(file.text, taken).map(({ start, end }) => ({
        file: file.path,
        range: { start: places.positionAt(start), end: places.positionAt(end) },
        newText: '',
        madeFor,
      })),
    )
    notes.push(
      ...otherwise.map(
        ({ name, start }) =>
          `${file.path}:${String(places.positionAt(start).line + 1)}: ${name} was edited after it was added; remove it yourself`,
      ),
    )
  })
  return { edits, notes }
}

interface Source {
  readonly file: SourceText
  /** Every `{ … }` of the file, outer ones first. */
  readonly braces: readonly { readonly start: number; readonly end: number }[]
  readonly candidates: readonly Member[]
}

/** A file that is not read has nothing to remove. */
function readSource(file: SourceText, names: ReadonlySet<string>): Source {
  const none: Source = { file, braces: [], candidates: [] }
  if (![...names].some((name) => file.text.includes(name))) return none
  const { program } = isGraphQL(file.path) ? { program: null } : parseSource(file)
  const tree = program === null ? null : sourceTree(file.text, program)
  const blocks = (tree?.nodes ?? []).flatMap((node): Block[] => {
    const members = membersOf(node)
    return members === null ? [] : [{ ...placeOf(node), members: members.map(namedMember) }]
  })
  const ofGraphQL = graphqlTypes(file.path, file.text, tree).map((type) => ({ ...type, members: type.fields }))
  const all = [...blocks, ...ofGraphQL].sort((a, b) => a.start - b.start)
  const candidates = all.flatMap(({ members }) =>
    members.flatMap(({ name, start, end }, position) =>
      name === null || !names.has(name) ? [] : [{ name, start, end, siblings: members, position }],
    ),
  )
  return { file, braces: all, candidates: outermost(candidates) }
}

/** A `{ … }` and its members. */
interface Block {
  readonly start: number
  readonly end: number
  readonly members: readonly { readonly name: string | null; readonly start: number; readonly end: number }[]
}

function namedMember(member: Node): Block['members'][number] {
  return { ...placeOf(member), name: nameOf(member) }
}

function membersOf(node: Node): readonly Node[] | null {
  // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- the parser has some two hundred kinds of nodes
  switch (node.type) {
    case 'ObjectExpression':
      return node.properties
    case 'TSTypeLiteral':
      return node.members
    case 'TSInterfaceBody':
    case 'ClassBody':
      return node.body
    default:
      return null
  }
}

function nameOf(member: Node): string | null {
  const isNamed =
    member.type === 'ObjectProperty' || member.type === 'TSPropertySignature' || member.type === 'ClassProperty'
  return isNamed ? propertyName(member) : null
}

/** What is inside another removal is removed with it. */
function outermost(candidates: readonly Member[]): Member[] {
  return candidates.filter(
    (inner) => !candidates.some((outer) => outer !== inner && outer.start <= inner.start && inner.end <= outer.end),
  )
}

interface Stripped {
  readonly text: string
  readonly removals: readonly Removal[]
}

function stripAll(text: string, candidates: readonly Member[]): Stripped {
  const removals = memberRemovals(text, candidates)
  return { text: textWithout(text, removals), removals }
}

/**
 * The candidates that the edits would write exactly so, and those that they would write differently in the same place.
 */
function judge(
  { file, braces, candidates }: Source,
  stripped: Stripped,
  written: readonly TextEdit[],
): { taken: Member[]; otherwise: Member[] } {
  const places = new TextPlaces(stripped.text)
  const taken: Member[] = []
  const otherwise: Member[] = []
  const moved = braces.map(({ start, end }) => ({
    start: shifted(start, stripped.removals),
    end: shifted(end, stripped.removals),
    of: start,
  }))
  for (const { range, newText } of written) {
    const at = places.offsetAt(range.start)
    const around = moved.filter(({ start, end }) => start < at && at < end).at(-1)
    const again = normalized(newText)
    // In a model that has kept some of these fields, they are not written, and nobody added them.
    const names = new Set(again.split(/\W+/))
    const own = candidates.filter(
      ({ name, siblings }) => names.has(name) && braceOf(braces, siblings[0]?.start ?? -1) === around?.of,
    )
    for (const member of own) {
      const isSame = hasMember(again, normalized(file.text.slice(member.start, member.end)))
      ;(isSame ? taken : otherwise).push(member)
    }
  }
  return { taken: taken.sort((left, right) => left.start - right.start), otherwise }
}

/** The innermost `{` around an offset. */
function braceOf(braces: Source['braces'], offset: number): number | undefined {
  return braces.filter(({ start, end }) => start < offset && offset < end).at(-1)?.start
}

/** Where an offset is after the removals. */
function shifted(offset: number, removals: readonly Removal[]): number {
  const before = removals.filter(({ start }) => start < offset)
  return offset - before.reduce((sum, { start, end }) => sum + Math.min(end, offset) - start, 0)
}

/** Without what a formatter changes: spaces, line breaks and the separator after the last member. */
function normalized(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[,;] ?(?=[}\])])/g, '')
    .replace(/ ?([{}()[\]:,;?|]) ?/g, '$1')
    .replace(/^[ ,;]+|[ ,;]+$/g, '')
}

function hasMember(members: string, member: string): boolean {
  const at = members.indexOf(member)
  if (at < 0) return false
  const isEdge = (character: string | undefined) => character === undefined || /[ ,;]/.test(character)
  return isEdge(members[at - 1]) && isEdge(members[at + member.length])
}
