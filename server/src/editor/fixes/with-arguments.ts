import { rangeInFile, type Attribute, type Range } from '../../schema/model'
import type { ModelContext } from '../model-context'

/** Returns the attribute's text with the arguments replaced by name or appended; null removes one. */
export function withArguments(
  attribute: Attribute,
  values: Readonly<Record<string, string | null>>,
  { found, lines }: Pick<ModelContext, 'found' | 'lines'>,
): string {
  const slice = (range: Range) => lines.slice(rangeInFile(found.placed, range))
  const present = attribute.arguments.map(({ name }) => name?.text)
  const kept = attribute.arguments.flatMap(({ name, range }) => {
    const value = name === null ? undefined : values[name.text]
    if (value === undefined) return [slice(range)]
    return value === null ? [] : [`${name?.text ?? ''}: ${value}`]
  })
  const added = Object.entries(values).flatMap(([name, value]) =>
    value === null || present.includes(name) ? [] : [`${name}: ${value}`],
  )
  const all = [...kept, ...added]
  const head = /^@{1,2}[\w.]+/.exec(slice(attribute.range))?.[0] ?? ''
  return all.length === 0 ? head : `${head}(${all.join(', ')})`
}
