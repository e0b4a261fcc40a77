import { phrase } from '../../text/phrase'
import fs from 'node:fs'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { readBoundedText } from '../../files/bounded-files'
import { archiveUnreadable, backupFolderNotWritable } from '../errors'
import { identityMissing, identityOther, identityUnusable, recipientInvalid } from './errors'
import type { EnvironmentVariables } from '../../platform/environment-variables'
import { removeFile, renameOver } from '../../platform/lasting-files'

/** The first bytes of an encrypted file. */
export const AGE_MARK = 'age-encryption.org/v1\n'

/** The recipients for all backups, from the environment: `age1…,age1…`. */
export function recipientsIn(environment: EnvironmentVariables): string[] {
  return listed(environment[RECIPIENTS_VARIABLE] ?? '')
}

/** Throws `recipient-invalid` before anything is backed up. */
export async function requireRecipients(recipients: readonly string[]): Promise<void> {
  await encrypterFor(recipients)
}

/** Encrypts in chunks; the file gets its name only when it is complete. */
export async function replaceByEncrypted(
  file: string,
  recipients: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const encrypted = `${file}.encrypting`
  try {
    const encrypter = await encrypterFor(recipients)
    removeFile(encrypted)
    await write(await encrypter.encrypt(bytesOf(file)), encrypted, signal)
    renameOver(encrypted, file)
  } catch (error) {
    removeFile(encrypted)
    throw signal?.aborted === true ? error : backupFolderNotWritable(path.dirname(file), error)
  }
}

/**
 * Decrypts in chunks, into a file that must not exist.
 *
 * @throws AuditError `backup-encrypted`, `identity-unusable`, `backup-unreadable`
 */
export async function decryptFile(
  from: string,
  to: string,
  environment: EnvironmentVariables,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { Decrypter } = await import('age-encryption')
  const decrypter = new Decrypter()
  const keys = requireIdentities(from, environment)
  try {
    for (const key of keys) decrypter.addIdentity(key)
  } catch {
    throw identityUnusable(phrase`It contains a key that is not an age key (AGE-SECRET-KEY-1…).`)
  }
  try {
    const decrypted = await decrypter.decrypt(bytesOf(from))
    await write(decrypted, to, signal)
  } catch (error) {
    signal?.throwIfAborted()
    const reason = error instanceof Error ? error.message : String(error)
    if (/no identity matched/i.test(reason)) throw identityOther(from, IDENTITY_FILE_VARIABLE)
    if (error instanceof Error && 'code' in error && /ENOSPC|EDQUOT/.test(String(error.code))) throw error
    throw archiveUnreadable(from, phrase`It cannot be decrypted: ${reason}`)
  }
}

const RECIPIENTS_VARIABLE = 'PRISMA_AUDIT_AGE_RECIPIENTS'
/** Keys (`AGE-SECRET-KEY-1…`), or a file of them as written by age-keygen. */
const IDENTITY_VARIABLE = 'PRISMA_AUDIT_AGE_IDENTITY'
const IDENTITY_FILE_VARIABLE = 'PRISMA_AUDIT_AGE_IDENTITY_FILE'

async function encrypterFor(recipients: readonly string[]) {
  const { Encrypter } = await import('age-encryption')
  const encrypter = new Encrypter()
  for (const recipient of recipients) {
    try {
      encrypter.addRecipient(recipient)
    } catch {
      throw recipientInvalid(recipient)
    }
  }
  return encrypter
}

/** The keys in the environment. Throws `backup-encrypted` if there are none. */
export function requireIdentities(file: string, environment: EnvironmentVariables): string[] {
  const keys = readIdentities(environment)
  if (keys.length === 0) throw identityMissing(file, IDENTITY_FILE_VARIABLE)
  return keys
}

function readIdentities(environment: EnvironmentVariables): string[] {
  const file = environment[IDENTITY_FILE_VARIABLE] ?? ''
  const text = file === '' ? (environment[IDENTITY_VARIABLE] ?? '') : readBoundedText(file, LARGEST_IDENTITY)
  if (text === null) throw identityUnusable(phrase`${IDENTITY_FILE_VARIABLE} is set to ${file}, which does not exist.`)
  return listed(text)
}

function listed(text: string): string[] {
  return text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
}

/** Bytes. */
const LARGEST_IDENTITY = 100_000

function bytesOf(file: string): ReadableStream<Uint8Array> {
  return Readable.toWeb(fs.createReadStream(file)) as ReadableStream<Uint8Array>
}

async function write(bytes: ReadableStream<Uint8Array>, to: string, signal: AbortSignal | undefined): Promise<void> {
  const target = fs.createWriteStream(to, { flags: 'wx', mode: 0o600 })
  await pipeline(Readable.fromWeb(bytes), target, ...(signal === undefined ? [] : [{ signal }]))
}
