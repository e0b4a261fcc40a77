import fs from 'node:fs'
import path from 'node:path'
import { createTranslate, inEnglish, type Translate } from '../text/translate'

/**
 * The language of an editor that says `de`, `de-AT` or `de_DE`: the translations stand beside the bundle and are read only
 * for it. English for every other one, and where the file does not come with the bundle.
 */
export function languageOf(locale: string | undefined): Translate {
  if (!/^de(?![a-z])/i.test(locale ?? '')) return inEnglish
  try {
    return createTranslate(JSON.parse(fs.readFileSync(FILE, 'utf8')) as Record<string, string>)
  } catch {
    return inEnglish
  }
}

const FILE = path.join(__BUNDLE_FOLDER__, 'texts.de.json')
