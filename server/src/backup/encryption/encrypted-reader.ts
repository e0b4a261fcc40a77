import path from 'node:path'
import { AuditError, type ErrorParts } from '../../errors'
import { makeTemporaryFolder } from '../../files/temporary-folders'
import type { BackupReader, ReadRequest } from '../backup-way'
import { decryptFile } from './age'
import type { EnvironmentVariables } from '../../platform/environment-variables'
import { remove } from '../../platform/lasting-files'

/**
 * Reads an encrypted backup: each read decrypts it into a private temporary folder and reads it there.
 *
 * @param environment names the identity
 * @param open opens a reader for the decrypted file
 */
export function encryptedReader(
  environment: EnvironmentVariables,
  open: (file: string) => Promise<BackupReader>,
): BackupReader {
  async function decrypted<Request extends ReadRequest, Result>(
    request: Request,
    work: (reader: BackupReader, request: Request) => Promise<Result>,
  ): Promise<Result> {
    const folder = makeTemporaryFolder('rows')
    const file = path.join(folder, 'backup')
    try {
      await decryptFile(request.path, file, environment, request.signal)
      return await work(await open(file), { ...request, path: file })
    } catch (error) {
      throw namingBackup(error, file, request.path)
    } finally {
      remove(folder)
    }
  }
  return {
    format: 'custom',
    tool: { name: 'age', path: null },
    read: (request) => decrypted(request, (reader, plain) => reader.read(plain)),
    restore: (request) => decrypted(request, (reader, plain) => reader.restore(plain)),
    readRows: (request, sink) => decrypted(request, (reader, plain) => reader.readRows(plain, sink)),
  }
}

/** The decrypted copy is gone when somebody reads the error. */
function namingBackup(error: unknown, copy: string, backup: string): unknown {
  if (!(error instanceof AuditError) || ![error.message, error.why].some((part) => part.includes(copy))) return error
  const named = JSON.stringify(error.parts).replaceAll(inJson(copy), () => inJson(backup))
  return new AuditError(error.code, JSON.parse(named) as ErrorParts, { cause: error })
}

function inJson(path: string): string {
  return JSON.stringify(path).slice(1, -1)
}
