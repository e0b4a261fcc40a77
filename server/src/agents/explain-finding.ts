import path from 'node:path'
import { readBoundedText } from '../files/bounded-files'
import { AuditError } from '../errors'
import { untranslated } from '../text/phrase'

/** The section of `docs/findings.md` for a code: what it means, an example, how to fix it and how to ignore it. */
export function explainFinding(code: string): string {
  const page = readBoundedText(path.join(__BUNDLE_FOLDER__, '..', 'docs', 'findings.md'), LARGEST) ?? ''
  const sections = page.split(/^(?=#{2,3} )/m)
  const found = sections.find((section) => section.startsWith(`### ${code}\n`))
  if (found === undefined) throw unknownCode(code)
  return found.trim()
}

/** Bytes. */
const LARGEST = 1_000_000

function unknownCode(code: string): AuditError {
  return new AuditError('finding-code-unknown', {
    what: untranslated`Unknown finding code "${code}".`,
    why: untranslated`It is not in docs/findings.md.`,
    nextStep: untranslated`Use a code that check returned.`,
  })
}
