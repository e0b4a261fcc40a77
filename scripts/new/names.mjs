/** `index-invalid` as an identifier: `indexInvalid`. */
export function camelCase(name) {
  return name.replace(/-(.)/g, (_, letter) => letter.toUpperCase())
}

/** `roll-back` as a title: `Roll Back`. */
export function titleCase(name) {
  return name.replace(/(^|-)(.)/g, (_, hyphen, letter) => (hyphen === '' ? '' : ' ') + letter.toUpperCase())
}

/** `index-invalid` as a type: `IndexInvalid`. */
export function upperCamelCase(name) {
  return titleCase(name).replaceAll(' ', '')
}
