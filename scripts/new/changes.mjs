import fs from 'node:fs'
import path from 'node:path'

/**
 * Applies all changes or none: a new file is `{ file, text }`, an insertion `{ file, before, text }`, where `before` is
 * a regular expression that matches the file once. Returns a line for each.
 *
 * @throws Error if a file exists already, or the place of an insertion is not found
 */
export function applyChanges(root, changes) {
  const texts = new Map()
  const lines = changes.map(({ file, text, before }) => {
    const known = texts.get(file) ?? readIfThere(path.join(root, file))
    if (before === undefined) {
      if (known !== null) throw new Error(`${file} exists already. Nothing was changed.`)
      texts.set(file, text)
      return `created  ${file}`
    }
    texts.set(file, inserted(file, known ?? '', before, text))
    return `changed  ${file}`
  })
  for (const [file, text] of texts) {
    fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
    fs.writeFileSync(path.join(root, file), text)
  }
  return [...new Set(lines)]
}

/** Inserts `text` among the lines of the same kind in alphabetical order, such as an import. */
export function insertSorted(file, kind, text) {
  return { file, before: { kind, text }, text: `${text}\n` }
}

function inserted(file, known, before, text) {
  const place = before instanceof RegExp ? placeOf(known, before) : placeInOrder(known, before)
  if (place === null) throw new Error(`No place found in ${file} for «${text.trim()}». Nothing was changed.`)
  return known.slice(0, place) + text + known.slice(place)
}

/** Where the only match of the expression begins, or where its first group ends if it has one. */
function placeOf(known, expression) {
  const matches = [...known.matchAll(new RegExp(expression, 'gm'))]
  if (matches.length !== 1) return null
  const [match] = matches
  return match.index + (match[1]?.length ?? 0)
}

function placeInOrder(known, { kind, text }) {
  const lines = [...known.matchAll(new RegExp(`^.*$`, 'gm'))].filter(([line]) => kind.test(line))
  const last = lines.at(-1)
  if (last === undefined) return null
  const next = lines.find(([line]) => orderOf(line, kind) > orderOf(text, kind))
  return next === undefined ? last.index + last[0].length + 1 : next.index
}

function orderOf(line, kind) {
  return (kind.exec(line)?.[1] ?? line).toLowerCase()
}

function readIfThere(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : null
}
