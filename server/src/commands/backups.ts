import path from 'node:path'
import { describeTables } from '../backup/contents/describe-tables'
import type { ListedBackup } from '../backup/manifest/list-backups'
import { joinTexts, text, textOf, type SafeText } from '../text/safe-text'
import { describeLevel } from './backup-words'
import { counted, formatBytes } from '../text/amounts'
import { inPlainEnglish } from '../text/phrase'

/** The backups of a folder as text, newest first. */
export function renderBackups(folder: string, backups: readonly ListedBackup[], now: Date): SafeText {
  if (backups.length === 0) return text`No backup in ${folder}.`
  return joinTexts([
    text`${counted(backups.length, 'backup')} in ${folder}, newest first:`,
    ...backups.map((backup) => textOf(linesOf(backup, now))),
  ])
}

function linesOf({ path: file, bytes, createdAt, manifest, sha256, problem }: ListedBackup, now: Date): string[] {
  const age = describeAge(now.getTime() - Date.parse(createdAt))
  const lines = [`  ${path.basename(file)}  ${formatBytes(bytes)}, ${age}`]
  if (problem !== null) return [...lines, `    cannot be used: ${inPlainEnglish(problem)}`]
  if (manifest === null) {
    return [
      ...lines,
      `    no manifest, made by an earlier version; ${sha256 === null ? 'no checksum' : 'with a checksum'}`,
    ]
  }
  const { database, contents, plan, restores, encryptedTo } = manifest
  const what = contents === null ? '' : `, ${inPlainEnglish(describeTables(contents, manifest.scope.kind))}`
  const last = restores.at(-1)
  return [
    ...lines,
    `    ${database.name}, PostgreSQL ${database.serverVersion}${what}; level ${describeLevel(manifest.level, manifest.scope)}`,
    ...(plan === null ? [] : [`    before the migration: ${plan.title}`]),
    ...(encryptedTo.length === 0 ? [] : ['    encrypted']),
    ...(last === undefined ? [] : [`    last restored ${last.at} into ${last.database}`]),
  ]
}

/** `3 days old`. */
function describeAge(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000))
  if (minutes < 60) return `${counted(minutes, 'minute')} old`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${counted(hours, 'hour')} old` : `${counted(Math.floor(hours / 24), 'day')} old`
}
