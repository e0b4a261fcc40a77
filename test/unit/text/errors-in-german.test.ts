import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { connectionLost, serverUnreachable } from '../../../server/src/database/database-errors'
import { describeUrl } from '../../../server/src/database/describe-url'
import { AuditError, describeError } from '../../../server/src/errors'
import { stepFailed } from '../../../server/src/migration/run/steps/errors'
import { createTranslate } from '../../../server/src/text/translate'

describe('an error in German', () => {
  const bundle = fs.readFileSync(path.join(__REPOSITORY__, 'l10n/bundle.l10n.de.json'), 'utf8')
  const german = createTranslate(JSON.parse(bundle) as Record<string, string>, 'de')
  const where = describeUrl('postgresql://me:secret@localhost:1/app')

  it('says what, why and what to do', () => {
    const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
    const error = serverUnreachable(where, refused)
    assert.deepEqual(describeError(error, german).split('\n'), [
      'Der PostgreSQL-Server von app auf localhost:1 ist nicht erreichbar.',
      'Verbindung abgelehnt: An diesem Port lauscht kein Server.',
      'Den Server starten oder Host und Port in der Verbindungs-URL berichtigen.',
    ])
    assert.equal(error.message, 'Cannot reach the PostgreSQL server of app on localhost:1.')
    assert.equal(describeError(error).split('\n')[0], error.message)
  })

  it('around another one, too', () => {
    const lost = connectionLost(where, new Error('read ECONNRESET'))
    const failed = stepFailed('Add column Lead.ownerId', { number: 2, count: 1200 }, 1, lost)
    assert.deepEqual(describeError(failed, german).split('\n'), [
      'Schritt 2 von 1.200 ist fehlgeschlagen: Spalte Lead.ownerId hinzufügen.',
      'Die Verbindung zu app auf localhost:1 ist abgebrochen. Der Server oder das Netz hat sie geschlossen: read ECONNRESET.',
      'Prüfen, ob der Server läuft, und es erneut versuchen.',
      'Die Schritte davor sind angewendet. Die Migration erneut ausführen, um fortzufahren, oder sie zurückrollen.',
    ])
    assert.match(failed.why, /^The connection to app on localhost:1 was lost\. The server or the network/)
  })

  it('stays safe to show, with any names in it', () => {
    const hostile = new AuditError('code', { what: 'a\nb', why: ['c\u001b[2J'], nextStep: '' })
    assert.equal(describeError(hostile, german), 'a\\nb\nc\\u{1b}[2J')
    const cleared = connectionLost(describeUrl('postgresql://h/a%0Ab'), new Error('x'))
    assert.equal(describeError(cleared, german).split('\n').length, 3)
  })

  it('is made of phrases, in each room but those that stay English', () => {
    const rooms = path.join(__REPOSITORY__, 'server/src')
    const files = fs.readdirSync(rooms, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
    const english = files.filter((file) => {
      const source = fs.readFileSync(path.join(rooms, file), 'utf8').replace(/\$\{[^}]*\}/g, '')
      return /^ +(?:what|why|nextStep):\s+(?:['`]|\[\s*['`]).*\p{L}{2}/mu.test(source)
    })
    assert.deepEqual(english.filter((file) => !STAY_ENGLISH.test(file)).sort(), [])
  })
})

/** What only a terminal or an agent sees, backups, and errors whose reasons come in English from the database's side. */
const STAY_ENGLISH = new RegExp(
  [
    '^(?:agents|terminal|backup|lsp/standard|audit|audit-fields|lint|migration/step-kinds|verification)\\b',
    '^(?:commands/(?:baseline|replay-migrations|until-unchanged)|migration/plan/steps/drop-when-empty)\\b',
    '^(?:database/code-at-planning|lsp/agent-tools|migration/run/(?:journal|own-schemas|preconditions|prisma-history|roll-back|steps)/)',
  ].join('|'),
)
