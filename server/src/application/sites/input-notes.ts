import type { Node } from '@babel/types'
import type { FileContext, FoundSites } from '../facts'
import type { Note } from '../model'
import { memberOf, placeOf, propertyName, typeNameOf, unwrap, type SourceTree } from '../syntax'

/**
 * Finds `const data: Prisma.UserUpdateInput = { updatedById: id }`, also `data.updatedById = id`. Once the key belongs to a
 * relation, only the unchecked input has it. Which of the two forms is meant is for a person to decide.
 */
export function findInputNotes(tree: SourceTree, { models }: FileContext): FoundSites {
  const notes: Note[] = []
  for (const node of tree.nodes) {
    if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier') continue
    const annotation = node.id.typeAnnotation
    const type = annotation?.type === 'TSTypeAnnotation' ? annotation.typeAnnotation : null
    const name = type?.type === 'TSTypeReference' ? (typeNameOf(type.typeName) ?? '') : ''
    const [, model = '', kind = ''] = CHECKED.exec(name) ?? []
    for (const { shape, name: field, column } of models.get(model)?.members ?? []) {
      const place = shape.kind === 'user' ? placeOfKey(tree, node, node.id.name, column.name) : null
      if (place === null) continue
      const unchecked = `Prisma.${model}Unchecked${kind}Input`
      notes.push({
        line: placeOf(place).line,
        text: `Prisma.${name} has no ${column.name} any more; write ${field}: { connect: { … } }, or use ${unchecked}`,
      })
    }
  }
  return { sites: [], notes }
}

/** Inputs of many records have keys only. */
const CHECKED = /^(\w{1,200}?)(Create|Update)Input$/

/** Where a variable's object, or an assignment to it, names a key. */
function placeOfKey(
  tree: SourceTree,
  { init }: Extract<Node, { type: 'VariableDeclarator' }>,
  variable: string,
  key: string,
): Node | null {
  const object = init ? unwrap(init) : null
  const own = object?.type === 'ObjectExpression' ? object.properties : []
  const property = own.find((each) => each.type === 'ObjectProperty' && propertyName(each) === key)
  if (property !== undefined) return property
  const assigned = tree.identifiersNamed(variable).map((each) => tree.parentOf(each))
  return (
    assigned.find((each) => {
      const parent = each === null ? null : tree.parentOf(each)
      return (
        each !== null && memberOf(each)?.name === key && parent?.type === 'AssignmentExpression' && parent.left === each
      )
    }) ?? null
  )
}
