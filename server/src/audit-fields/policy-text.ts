/** A policy formatted like one written by a person: a list on one line if it fits, otherwise one item per line. */
export function policyText(policy: object): string {
  return `${write(policy, '')}\n`
}

function write(value: unknown, indent: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const inner = `${indent}  `
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  const partsAt = (deeper: string) =>
    Object.entries(value).map(
      ([key, item]) => (Array.isArray(value) ? '' : `${JSON.stringify(key)}: `) + write(item, deeper),
    )
  const space = Array.isArray(value) ? '' : ' '
  const line = `${open}${space}${partsAt(inner).join(', ')}${space}${close}`
  // The policy itself always has one key per line.
  if (indent !== '' && !line.includes('\n') && indent.length + line.length <= WIDTH) return line
  return `${open}\n${partsAt(inner)
    .map((part) => inner + part)
    .join(',\n')}\n${indent}${close}`
}

const WIDTH = 100
