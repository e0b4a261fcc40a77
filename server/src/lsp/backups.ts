import path from 'node:path'
import type { BackupsAnswer, ListedBackupAnswer } from '../../../protocol/src/index'
import type { ListedBackup } from '../backup/manifest/list-backups'
import { describeLevel, partialWords } from '../commands/backup-words'
import { phraseOfFigures } from '../migration/render/plan-figures'
import type { Project } from '../project/project'
import { lineOf, LIMITS } from '../text/safe-text'
import type { Translate } from '../text/translate'
import { uriOfPath } from './uris'
import { sizeWords } from '../text/size-words'
import { phrase, phraseIn, type Phrase } from '../text/phrase'

/** The entries of the backups view. An untrusted workspace is not searched. */
export async function backupsAnswer(
  t: Translate,
  { backupFolder }: Project,
  isTrusted: boolean,
): Promise<BackupsAnswer> {
  const folderUri = uriOfPath(backupFolder)
  if (!isTrusted) return { folderUri, backups: [] }
  const { listBackups } = await import('../backup/manifest/list-backups')
  return { folderUri, backups: listBackups(backupFolder).map((backup) => listed(t, backup)) }
}

function listed(t: Translate, { path: file, bytes, createdAt, manifest, problem }: ListedBackup): ListedBackupAnswer {
  const found = { uri: uriOfPath(file), createdAt }
  const name = lineOf(path.basename(file), LIMITS.title)
  const details = [name, phraseIn(t, sizeWords(bytes))]
  if (problem !== null) return { ...found, name, level: 0, ...unusable(t, problem), details }
  if (manifest === null)
    return { ...found, name, level: null, brief: t('no manifest'), state: t('no manifest'), details }
  const { database, level, scope } = manifest
  return {
    ...{ ...found, name: lineOf(database.name, LIMITS.title), level },
    brief: partialWords(scope, t) === null ? t('level {0}', level) : t('level {0}, partial', level),
    state: lineOf(t('level {0}', describeLevel(level, scope, t)), LIMITS.finding),
    details: [...details, ...factsOf(t, manifest)].map((fact) => lineOf(fact, LIMITS.finding)),
  }
}

function unusable(t: Translate, problem: Phrase): Pick<ListedBackupAnswer, 'brief' | 'state'> {
  return { brief: t('cannot be used'), state: lineOf(t('cannot be used: {0}', phraseIn(t, problem)), LIMITS.finding) }
}

function factsOf(
  t: Translate,
  { database, scope, contents, plan, restores, encryptedTo }: NonNullable<ListedBackup['manifest']>,
): string[] {
  // Of a structure, the manifest has no rows, and its state says so.
  const tables = scope.kind === 'structure' ? null : (contents?.tables ?? null)
  const last = restores.at(-1)
  return [
    `PostgreSQL ${database.serverVersion}`,
    ...(tables === null ? [] : [t('Tables: {0}, rows: {1}', tables.length, rowsOf(tables))]),
    ...(plan === null ? [] : [phraseIn(t, phrase`Before the migration: ${phraseOfFigures(plan.title)}`)]),
    ...(encryptedTo.length === 0 ? [] : [t('Encrypted')]),
    ...(last === undefined ? [] : [t('Last restored into {0}', last.database)]),
  ]
}

function rowsOf(tables: readonly { readonly rows: number }[]): number {
  return tables.reduce((sum, table) => sum + table.rows, 0)
}
