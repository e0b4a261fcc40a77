import type {
  Argument,
  Attribute,
  Block,
  EnumValue,
  Expression,
  Field,
  Range,
  SchemaFile,
} from '../../../server/src/schema/model'
import { rangeInFile } from '../../../server/src/schema/model'
import { inPlainEnglish } from '../../../server/src/text/phrase'
import { SourceLines } from '../../../server/src/schema/edits/source-lines'

/** The whole of a parsed file as text, one node a line, to be compared with a file that a person has read. */
export function outlineOf(file: SchemaFile): string {
  const lines = file.blocks.flatMap(({ block, startLine }) => [
    `${startLine} ${block.kind} ${block.name.text}`,
    ...partsOf(block).map((line) => `    ${line}`),
  ])
  const problems = file.problems.map(
    ({ message, range }) => `! ${range.start.line}:${range.start.character} ${inPlainEnglish(message)}`,
  )
  return [...lines, ...problems, ''].join('\n')
}

/** Every node's range together with what must stand there, for a file whose ranges are to be believed. */
export function slicesOf(file: SchemaFile): { actual: string; expected: string | RegExp }[] {
  const source = new SourceLines(file.text.toString())
  return file.blocks.flatMap((placed) => {
    const { block } = placed
    const slices: { actual: string; expected: string | RegExp }[] = []
    const expect = (range: Range, expected: string | RegExp) =>
      slices.push({ actual: source.slice(rangeInFile(placed, range)), expected })
    const expectAttribute = (attribute: Attribute): void => {
      expect(attribute.name.range, attribute.name.text)
      expect(attribute.range, new RegExp(`^@@?${attribute.name.text}(\\([^]*\\))?$`))
      attribute.arguments.forEach(expectArgument)
    }
    const expectArgument = (argument: Argument): void => {
      if (argument.name !== null) expect(argument.name.range, argument.name.text)
      expect(argument.range, argument.name === null ? /^\S/ : new RegExp(`^${argument.name.text}:`))
      expectExpression(argument.value)
    }
    const expectExpression = (value: Expression): void => {
      if (value.kind === 'word' || value.kind === 'number') expect(value.range, value.value)
      else if (value.kind === 'string') expect(value.range, /^"[^]*"$/)
      else if (value.kind === 'array') {
        expect(value.range, /^\[[^]*\]$/)
        value.items.forEach(expectExpression)
      } else if (value.kind === 'function') {
        expect(value.range, new RegExp(`^${value.name} ?\\([^]*\\)$`))
        value.arguments.forEach(expectArgument)
      }
    }
    expect(block.name.range, block.name.text)
    expect(block.range, new RegExp(`^${block.kind} +${block.name.text}[^]*\\}$`))
    expect(block.closingBrace, '}')
    if ('properties' in block) {
      for (const property of block.properties) {
        expect(property.name.range, property.name.text)
        expect(property.range, new RegExp(`^${property.name.text} *=`))
        expectExpression(property.value)
      }
      return slices
    }
    block.attributes.forEach(expectAttribute)
    const members: readonly (Field | EnumValue)[] = block.kind === 'enum' ? block.values : block.fields
    for (const member of members) {
      expect(member.name.range, member.name.text)
      expect(member.range, new RegExp(`^${member.name.text}(?:[^]*\\S)?$`))
      member.attributes.forEach(expectAttribute)
      if ('type' in member) expect(member.type.range, new RegExp(`^\\[?${member.type.name}`))
    }
    return slices
  })
}

function partsOf(block: Block): string[] {
  const documentation = block.documentation.map((line) => `/// ${line}`)
  if ('properties' in block) {
    return [...documentation, ...block.properties.map(({ name, value }) => `${name.text} = ${expressionText(value)}`)]
  }
  const members =
    block.kind === 'enum'
      ? block.values.map(
          (value) =>
            [value.name.text, ...value.attributes.map((attribute) => attributeText('@', attribute))].join(' ') +
            documentationText(value),
        )
      : block.fields.map(fieldText)
  return [...documentation, ...members, ...block.attributes.map((attribute) => attributeText('@@', attribute))]
}

function fieldText(field: Field): string {
  const { type } = field
  const unsupported = type.unsupported === null ? '' : ` of ${JSON.stringify(type.unsupported)}`
  const attributes = field.attributes.map((attribute) => attributeText('@', attribute))
  return (
    [`${field.name.text}: ${type.arity} ${type.name}${unsupported}`, ...attributes].join(' ') + documentationText(field)
  )
}

function documentationText(node: { readonly documentation: readonly string[] }): string {
  return node.documentation.map((line) => ` /// ${line}`).join('')
}

function attributeText(sign: string, attribute: Attribute): string {
  const parts = attribute.arguments.map(argumentText)
  return sign + attribute.name.text + (parts.length === 0 ? '' : `(${parts.join(', ')})`)
}

function argumentText(argument: Argument): string {
  return (argument.name === null ? '' : `${argument.name.text}: `) + expressionText(argument.value)
}

function expressionText(value: Expression): string {
  switch (value.kind) {
    case 'string':
      return JSON.stringify(value.value)
    case 'array':
      return `[${value.items.map(expressionText).join(', ')}]`
    case 'object':
      return `{ ${value.entries.map(argumentText).join(', ')} }`
    case 'function':
      return `${value.name}(${value.arguments.map(argumentText).join(', ')})`
    case 'missing':
      return '<missing>'
    case 'number':
      return `#${value.value}`
    case 'word':
      return value.value
  }
}
