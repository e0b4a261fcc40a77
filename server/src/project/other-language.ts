import { otherLanguageOf } from '../schema/other-language'
import type { SourceFile } from '../schema/parse-schema'

export interface OtherLanguage {
  /** The schema file or the configuration with the provider. */
  readonly file: string
  readonly isSchema: boolean
  /** `Prisma 8` */
  readonly what: string
}

/** What shows that a project is for Prisma 8; `prisma8File` is its configuration. Null for Prisma 5 to 7. */
export function findOtherLanguage(
  schemaFiles: readonly SourceFile[],
  prisma8File: string | null,
): OtherLanguage | null {
  for (const { path: file, text } of schemaFiles) {
    const version = otherLanguageOf(text)
    if (version !== null)
      return { file, isSchema: true, what: version === 'next' ? 'Prisma Next' : `Prisma ${version}` }
  }
  return prisma8File === null ? null : { file: prisma8File, isSchema: false, what: 'Prisma 8' }
}
