/**
 * The version in a schema's first comments, if its language differs from that of Prisma 5 to 7: `8` of `// use
 * prisma-8`, `next` of `// use prisma-next`. Null otherwise.
 */
export function otherLanguageOf(source: { slice(start: number, end: number): string }): string | null {
  const lines = source
    .slice(0, LONGEST_HEAD)
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
  for (const line of lines) {
    const text = line.trim()
    if (text !== '' && !text.startsWith('//')) return null
    const version = /^\/\/+\s*use\s+prisma-(next|\d{1,6})\b/i.exec(text)?.[1]?.toLowerCase()
    if (version !== undefined) return version === 'next' || Number(version) >= FIRST_OTHER ? version : null
  }
  return null
}

/** Characters that are searched: such a comment is on the first lines. */
const LONGEST_HEAD = 4000
const FIRST_OTHER = 8
