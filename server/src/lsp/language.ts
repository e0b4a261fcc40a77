import fs from 'node:fs'
import path from 'node:path'
import { createTranslate, inEnglish, type Translate } from '../text/translate'

/**
 * The translations of the editor's language: for `pt-BR` or `pt_BR` those of `pt-br`, otherwise of `pt`. They are in a
 * file next to the bundle, which is read only for that language. English if there is none.
 */
export function languageOf(locale: string | undefined): Translate {
  const language = (locale ?? '').toLowerCase().replaceAll('_', '-')
  if (!/^[a-z]{2,3}(-[a-z\d]+)*$/.test(language)) return inEnglish
  return read(language) ?? read(language.replace(/-.*/, '')) ?? inEnglish
}

function read(language: string): Translate | null {
  try {
    const text = fs.readFileSync(path.join(__BUNDLE_FOLDER__, `texts.${language}.json`), 'utf8')
    return createTranslate(JSON.parse(text) as Record<string, string>)
  } catch {
    return null
  }
}
