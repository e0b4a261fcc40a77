import { cutName } from '../../database/quote'
import type { LintRule } from '../context'
import { spanOf } from '../syntax'
import { phrase } from '../../text/phrase'

export const nameTooLong: LintRule = {
  code: 'name-too-long',
  check({ statement: { tokens } }) {
    return tokens.flatMap((token) => {
      if (token.kind !== 'name' && token.kind !== 'word') return []
      const name = token.kind === 'word' ? token.text : token.text.slice(1, -1).replaceAll('""', '"')
      // The length of U&"…" is only known after its escapes are resolved.
      const cut = cutName(name)
      if (cut === name || /^u&/i.test(token.text)) return []
      return [
        {
          severity: 'information',
          message: phrase`PostgreSQL truncates names to 63 bytes, so this one becomes ${cut}.`,
          advice: phrase`Use a name of at most 63 bytes.`,
          span: spanOf(token),
        },
      ]
    })
  },
}
