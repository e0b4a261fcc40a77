import type { Node } from '@babel/types'
import { isAuditDate } from '../field-names'
import type { CodeModel, Site } from '../model'
import { CONVERTED } from '../sites/made-by-hand'
import { ANY_DATE } from '../sites/type-members'
import { memberOf, placeOf, propertyName, textOfNode, type SourceTree } from '../syntax'

/**
 * Whether code between two offsets copies records and writes out some of their dates, `{ ...row, createdAt:
 * row.createdAt.toISOString() }`: any other date of them stays a `Date`.
 */
export function writesDates(
  tree: SourceTree,
  { start, end }: { readonly start: number; readonly end: number },
  { dateFields }: CodeModel,
): boolean {
  return tree.nodes.some((node) => {
    if (node.type !== 'ObjectExpression' || placeOf(node).start < start || placeOf(node).end > end) return false
    return (
      node.properties.some(({ type }) => type === 'SpreadElement') &&
      node.properties.some((each) => {
        const name = each.type === 'ObjectProperty' ? propertyName(each) : null
        return each.type === 'ObjectProperty' && name !== null && dateFields.has(name) && isMade(tree, each.value, name)
      })
    )
  })
}

/** The same by text alone, of any file. */
export function mayCopyWrittenDates(text: string): boolean {
  return [...text.matchAll(CONVERTED)].some(({ index }) => {
    const before = text.slice(Math.max(0, index - LONGEST_COPY), index)
    const spread = before.lastIndexOf('...')
    return spread !== -1 && !/[{}]/.test(before.slice(spread))
  })
}

const LONGEST_COPY = 500

/** Whether a site adds a date that is no `Date`, which such a copy does not have. */
export function addsWrittenDate({ names, newText }: Site): boolean {
  return addsDate({ names }) && !/\bDate\b/.test(newText)
}

/** The same with dates that may be either, since the code that writes out today's dates leaves a new one as it is. */
export function withAnyDate<Each extends Site>(site: Each): Each {
  const dates = site.names.filter(isAuditDate)
  const newText = dates.reduce(
    (text, name) => text.replaceAll(new RegExp(String.raw`\b(${name}[?!]?: )string\b`, 'g'), `$1${ANY_DATE}`),
    site.newText,
  )
  return { ...site, newText }
}

export function addsDate({ names }: Pick<Site, 'names'>): boolean {
  return names.some(isAuditDate)
}

/** `row.createdAt.toISOString()`, `format(row.createdAt)`; not `row.createdAt` itself. */
function isMade(tree: SourceTree, value: Node, name: string): boolean {
  if (value.type === 'Identifier') return value.name === name
  const called = String.raw`\b${name}[!?]?\.\w{1,60}\(|[({,]\s{0,20}(?:\w{1,60}[!?]?\.){0,4}${name}\b`
  return memberOf(value) === null && new RegExp(called).test(textOfNode(tree.text, value))
}
