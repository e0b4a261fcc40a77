import path from 'node:path'

/** Git-ignored, and kept between runs. */
export const CACHE_FOLDER = path.resolve(import.meta.dirname, '..', '..', '.cache')
