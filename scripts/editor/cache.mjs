import path from 'node:path'

/** Ignored by Git, and reused between runs. */
export const CACHE_FOLDER = path.resolve(import.meta.dirname, '..', '..', '.cache')
