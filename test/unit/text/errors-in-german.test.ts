import { phrase } from '../../../server/src/text/phrase'
import { refuseBlockedPlan } from '../../../server/src/commands/plan'
import { plan, table } from '../migration/project'
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { policyFindings } from '../../../server/src/audit/policy-findings'
import { parsePolicy } from '../../../server/src/audit-fields/parse-policy'
import { manifestInvalid } from '../../../server/src/backup/manifest/errors'
import { parseManifest } from '../../../server/src/backup/manifest/manifest'
import { scratchUnavailable } from '../../../server/src/backup/proof/errors'
import { checkOutcome } from '../../../server/src/commands/check'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { diskTooSmall } from '../../../server/src/backup/errors'
import { newDatabaseImpossible, targetNotEmpty } from '../../../server/src/backup/restore/errors'
import { connectionLost, serverUnreachable } from '../../../server/src/database/database-errors'
import { describeUrl } from '../../../server/src/database/describe-url'
import { AuditError, describeError } from '../../../server/src/errors'
import { phraseOfPrecondition } from '../../../server/src/migration/plan/precondition-texts'
import { preconditionFailed } from '../../../server/src/migration/run/preconditions/errors'
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
    for (const around of [newDatabaseImpossible('copy', lost), scratchUnavailable(lost)])
      assert.match(describeError(around, german), /\nDie Verbindung zu app auf localhost:1 ist abgebrochen\.\n/)
  })

  it('is the outcome of a check whose policy misspells a model', () => {
    const text = '{ "rules": [{ "models": ["Usr"], "require": ["updatedAt"] }] }'
    const source = { path: 'prisma-audit.json', text, reading: parsePolicy(text) }
    const schema = parseSchema([{ path: 'schema.prisma', text: 'model User {\n  id Int @id\n}\n' }])
    const report = { schemaFiles: [], models: 1, database: null, findings: policyFindings(source, schema) }
    assert.equal(
      checkOutcome(report, 'warning', german).message,
      'Die Richtlinie nennt das Modell "Usr", das es im Schema nicht gibt. Gemeint: "User"?',
    )
  })

  it('stays safe to show, with any names in it', () => {
    const hostile = new AuditError('code', { what: phrase`${'a\nb'}`, why: [phrase`${'c\u001b[2J'}`], nextStep: '' })
    assert.equal(describeError(hostile, german), 'a\\nb\nc\\u{1b}[2J')
    const cleared = connectionLost(describeUrl('postgresql://h/a%0Ab'), new Error('x'))
    assert.equal(describeError(cleared, german).split('\n').length, 3)
  })

  // The compiler accepts only phrases and what others said, and each phrase has its German: unit/client/translations.
  it('stays English only where a terminal or an agent reads it', () => {
    const rooms = path.join(__REPOSITORY__, 'server/src')
    const files = fs.readdirSync(rooms, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
    const english = files.filter((file) => {
      const source = fs.readFileSync(path.join(rooms, file), 'utf8')
      return /\buntranslated`|(?:what|why|nextStep):\s+(?:\[\s*)?text`/.test(source)
    })
    assert.ok(english.length > 0)
    assert.deepEqual(english.filter((file) => !STAY_ENGLISH.test(file)).sort(), [])
  })

  it('of a backup, of a precondition and of missing privileges, too', () => {
    const check = (error: AuditError, expected: readonly string[]) =>
      assert.deepEqual(describeError(error, german).split('\n'), expected)
    check(diskTooSmall('/backups', { free: 1024, needed: 5_000_000 }), [
      'Auf dem Datenträger von /backups ist nicht genug Platz für die Sicherung.',
      '1,0 kB sind frei, aber die Sicherung braucht etwa 4,8 MB.',
      'Speicherplatz freigeben oder einen anderen Ordner für Sicherungen wählen (--output).',
    ])
    check(targetNotEmpty(describeUrl('postgresql://db/crm').named, ['a', 'b', 'c', 'd', 'e', 'f', 'g']), [
      'crm auf db:5432 ist nicht leer. Nichts wurde wiederhergestellt.',
      'Sie enthält a, b, c, d, e und 2 weitere; eine Wiederherstellung würde das ersetzen oder daran scheitern.',
      'In eine neue, leere Datenbank wiederherstellen, oder die Objekte mit --over ersetzen.',
    ])
    const [blocking] = plan({ tables: [table('User'), table('Lead', { isTyped: true })] }).refusals
    assert.ok(blocking !== undefined)
    const amount = phrase`${1200} rows`
    const blocked = { ...plan({}), refusals: [{ ...blocking, amount, blocking: true }] }
    assert.throws(
      () => refuseBlockedPlan(blocked),
      (error: AuditError) => {
        check(error, [
          'Die Migration wird wegen Lead abgelehnt.',
          'Lead (1.200 Zeilen): Lead ist eine typisierte Tabelle (CREATE TABLE … OF); ihre Spalten kommen aus ihrem Typ.',
          'Die Richtlinie oder die Datenbank ändern und erneut planen. Nichts wurde geändert.',
        ])
        return true
      },
    )
    check(manifestInvalid('a.dump.json', parseManifest('{"formatVersion": 3}').problem ?? phrase``), [
      'a.dump.json ist kein gültiges Manifest einer Sicherung.',
      'Es lässt sich nicht verwenden: file ist nicht so, wie Prisma Audit es schreibt.',
      'Eine andere Sicherung verwenden, oder das Manifest löschen: Dann wird die Sicherung allein mit ihrer Datei .sha256 geprüft.',
    ])
    const unmet = phraseOfPrecondition('"my leads" has rows that need a user, but User is empty.')
    const hint = phraseOfPrecondition('Add a user first, or set "populate": "none" for ownerId in the policy.')
    check(preconditionFailed({ message: unmet, hint, rows: 1200 }), [
      '"my leads" hat Zeilen, die einen Benutzer brauchen, aber User ist leer. Zeilen: 1.200.',
      'Die Migration wurde abgelehnt, bevor sie etwas geändert hat.',
      'Zuerst einen Benutzer anlegen, oder in der Richtlinie für ownerId "populate": "none" setzen.',
    ])
  })
})

/** What only a terminal or an agent shows. */
const STAY_ENGLISH = /^(?:agents|terminal|lsp\/agent-tools|commands\/(?:baseline|replay-migrations))\b/
