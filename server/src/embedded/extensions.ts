import names from './extensions.json'

/**
 * The extensions that PGlite brings along and that databases behind Prisma are seen to use. Each is an archive
 * `dist/extensions/NAME.tar.gz`, and each costs start-up time, so a server gets only those that are asked for.
 */
export const EMBEDDED_EXTENSIONS: readonly string[] = names
