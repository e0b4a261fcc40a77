import path from 'node:path'
import { readShippedFile } from '../files/shipped-files'
import { createTranslate, inEnglish, type Translate } from '../text/translate'

/**
 * The translations of the editor's language: for `pt-BR` or `pt_BR` those of `pt-br`, otherwise of `pt`. They are in
 * the file that VS Code reads for the extension, too; it is read only for that language. English if there is none.
 */
export function languageOf(locale: string | undefined): Translate {
  const language = (locale ?? '').toLowerCase().replaceAll('_', '-')
  if (!/^[a-z]{2,3}(-[a-z\d]+)*$/.test(language)) return inEnglish
  return read(language) ?? read(language.replace(/-.*/, '')) ?? inEnglish
}

function read(language: string): Translate | null {
  try {
    const text = readShippedFile(path.join(__BUNDLE_FOLDER__, '../l10n'), `bundle.l10n.${language}.json`)
    return createTranslate(JSON.parse(Buffer.from(text).toString('utf8')) as Record<string, string>, language)
  } catch {
    return null
  }
}
