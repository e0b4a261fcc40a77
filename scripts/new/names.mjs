/** `index-invalid` as a name in code: `indexInvalid`. */
export function camelCase(name) {
  return name.replace(/-(.)/g, (_, letter) => letter.toUpperCase())
}

/** `roll-back` as a title: `Roll Back`. */
export function titleCase(name) {
  return name.replace(/(^|-)(.)/g, (_, hyphen, letter) => (hyphen === '' ? '' : ' ') + letter.toUpperCase())
}

/** `index-invalid` as the name of a type: `IndexInvalid`. */
export function upperCamelCase(name) {
  return titleCase(name).replaceAll(' ', '')
}
