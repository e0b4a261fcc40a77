import type { BackupReader, BackupScope } from '../backup-way'
import type { DatabaseContents } from '../contents/model'
import type { BackupLevel, BackupProof } from '../manifest/manifest'
import { differencesOfInventory } from './compare-contents'
import { describeTables } from '../contents/describe-tables'
import { rehearseRestore, type RestoreRehearsal } from './rehearse-restore'
import { inPlainEnglish, phrase, type Phrase } from '../../text/phrase'
import { firstOf } from '../../text/bounded-list'
import type { EnvironmentVariables } from '../../platform/environment-variables'

export interface ProofRequest {
  readonly path: string
  readonly reader: BackupReader
  /** The contents of the database in the backup's snapshot; null if not recorded. */
  readonly expected: DatabaseContents | null
  readonly scope: BackupScope['kind']
  readonly level: BackupLevel
  readonly server: RestoreRehearsal['server']
  readonly databaseBytes: RestoreRehearsal['databaseBytes']
  readonly needs: RestoreRehearsal['needs']
  readonly environment: EnvironmentVariables
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((message: Phrase) => void) | undefined
  readonly smoke?: RestoreRehearsal['smoke']
}

/** What one level showed, in an editor's language too. */
export interface TriedProof extends Omit<BackupProof, 'detail'> {
  readonly detail: Phrase
}

/** As a manifest has it: in English. */
export function recorded(proof: TriedProof): BackupProof {
  return { ...proof, detail: inPlainEnglish(proof.detail) }
}

/**
 * Proves a backup level by level, up to the requested one; stops at the first that does not pass. Level 1: the whole
 * file can be read. 2: its contents are those of the database. 3: it restores, and the result is equal. 4: the
 * application's own test passes on the restored database.
 *
 * @throws AuditError `backup-unreadable` if level 1 fails
 */
export async function proveBackup(request: ProofRequest): Promise<TriedProof[]> {
  const { path, reader, expected, scope, level, environment, signal, onProgress } = request
  const proofs: TriedProof[] = []
  let started = Date.now()
  const note = (of: BackupLevel, outcome: BackupProof['outcome'], detail: Phrase): boolean => {
    const now = Date.now()
    proofs.push({ level: of, outcome, detail, at: new Date(now).toISOString(), milliseconds: now - started })
    started = now
    return outcome === 'passed' && level > of
  }

  onProgress?.(phrase`Reading the backup back`)
  const inventory = await reader.read({ path, environment, signal })
  if (!note(1, 'passed', phrase`${reader.tool.name} read the whole file`)) return proofs

  if (expected === null) note(2, 'not proven', phrase`the original contents were not recorded`)
  else {
    const differences = differencesOfInventory(expected, inventory, scope)
    const complete = phrase`it lists all ${describeTables(expected, scope)}`
    if (
      !note(
        2,
        differences.length === 0 ? 'passed' : 'failed',
        differences.length === 0 ? complete : phrase`${firstOf(differences, '; ')}`,
      )
    )
      return proofs
  }

  if (level < 3) return proofs
  if (scope === 'tables') {
    note(
      3,
      'not proven',
      phrase`single tables cannot be restored as a database: the tables that they reference are not in the backup`,
    )
    return proofs
  }
  const owners = [...new Set(inventory.entries.map(({ owner }) => owner))].filter((owner) => !/^(?:pg_|$)/.test(owner))
  const { outcome, detail, smoke } = await rehearseRestore({ ...request, owners, inventory })
  const subscriptions = inventory.entries.filter(({ type }) => type === 'SUBSCRIPTION').map(({ name }) => name)
  const notRestored =
    subscriptions.length === 0 ? '' : phrase`; not restored: the subscriptions ${firstOf(subscriptions, '; ')}`
  const goesOn = note(3, outcome, phrase`${detail}${notRestored}`)
  if (!goesOn) return proofs
  if (smoke === null) note(4, 'not proven', phrase`no smoke test is configured`)
  else note(4, smoke.outcome, smoke.detail)
  return proofs
}
