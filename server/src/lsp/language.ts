import { readShippedFile } from '../files/shipped-files'
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
    const text = readShippedFile(__BUNDLE_FOLDER__, `texts.${language}.json`)
    return createTranslate(JSON.parse(Buffer.from(text).toString('utf8')) as Record<string, string>, language)
  } catch {
    return null
  }
}
