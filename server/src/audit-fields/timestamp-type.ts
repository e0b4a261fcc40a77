/** Is it a type in the catalog's words that holds a moment? No other can be an `updatedAt` or `createdAt`. */
export function isTimestampType(type: string): boolean {
  return /^timestamp(\(\d\))? (with|without) time zone$/.test(type)
}
