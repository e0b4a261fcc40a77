// Imported as a namespace, so that the bundle contains only the parts in use.
import * as z from 'zod'
import { phrase, type Phrase } from '../../text/phrase'
import { OBJECT_KINDS, type DatabaseObject, type SequenceContents, type TableContents } from '../contents/model'

/** Checked as it is: zod would copy each item, and there may be hundreds of thousands. */
function listOf<Item extends object>(most: number, isItem: (item: Record<keyof Item, unknown>) => boolean) {
  return z.custom<readonly Item[]>(
    (list) =>
      Array.isArray(list) &&
      list.length <= most &&
      list.every((item: unknown) => typeof item === 'object' && item !== null && isItem(item as never)),
  )
}

function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length <= longest
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

/** Null: none was drawn. */
function isSequenceValue(value: unknown): boolean {
  return value === null || (isText(value, 20) && /^-?\d{1,19}$/.test(value))
}

const KINDS: ReadonlySet<unknown> = new Set(OBJECT_KINDS)

/**
 * The record of a backup, in a file next to it. A file on disk may contain anything: it must match this schema, its
 * names are data and never paths, and nothing in it is run.
 */
const MANIFEST = z.object({
  formatVersion: z.literal(3),
  /** The backup's name in the same folder. */
  file: z
    .string()
    .min(1)
    .max(255)
    .refine((name) => !/[/\\\0]/.test(name) && name !== '.' && name !== '..'),
  format: z.enum(['custom', 'directory', 'plain', 'export']),
  /** Total size of the files if it is a folder. */
  bytes: z.number().int().nonnegative(),
  /**
   * For a folder, that of its files' names and sums (`sumOfSums`), which proves every file and that there are no
   * others.
   */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** ISO 8601, UTC. */
  createdAt: z.iso.datetime(),
  durationMilliseconds: z.number().nonnegative(),
  database: z.object({
    name: z.string().max(255),
    /** See `ServerIdentity`. */
    oid: z.string().max(30),
    systemIdentifier: z.string().max(30).nullable(),
    serverVersion: z.string().max(100),
    serverMajor: z.number().int().positive(),
    bytes: z.number().nonnegative(),
  }),
  /** `pg_dump 15.18 (/usr/bin/pg_dump)`. */
  tool: z.string().max(2000),
  /** Why no installed pg_dump was used; null if one was, and in manifests of earlier versions. */
  toolReason: z.string().max(40_000).nullable().default(null),
  scope: z.object({
    kind: z.enum(['database', 'tables', 'structure']),
    /** Quoted names; empty for the whole database. */
    tables: z.array(z.string().max(300)).max(20_000),
  }),
  /** The migration that it was made for; null if it was made on its own. */
  plan: z.object({ digest: z.string().max(100), title: z.string().max(2000) }).nullable(),
  /** Recipients of `age`; empty if it is not encrypted. */
  encryptedTo: z.array(z.string().max(3000)).max(100),
  /** What the target of a restore must have. */
  needs: z.object({
    roles: z.array(z.string().max(255)).max(20_000),
    /** The roles that own something: their code runs during a restore. */
    owners: z.array(z.string().max(255)).max(20_000),
    extensions: z.array(z.string().max(255)).max(2000),
  }),
  /** The highest level reached, 0 if found damaged since then; followed by every attempt, in order. */
  level: z.number().int().min(0).max(4),
  proofs: z
    .array(
      z.object({
        level: z.number().int().min(1).max(4),
        outcome: z.enum(['passed', 'failed', 'not proven']),
        at: z.iso.datetime(),
        milliseconds: z.number().nonnegative(),
        /** Part of a sentence. */
        detail: z.string().max(20_000),
      }),
    )
    .max(200),
  /** When it was restored into a database that was kept, and into which one. */
  restores: z.array(z.object({ at: z.iso.datetime(), database: z.string().max(255) })).max(1000),
  contents: z
    .object({
      serverMajor: z.number().int().positive(),
      tables: listOf<TableContents>(
        200_000,
        ({ name, rows, hash }) => isText(name, 300) && isCount(rows) && isText(hash, 24) && /^[0-9a-f]{24}$/.test(hash),
      ),
      largeObjects: z
        .object({ count: z.number().int().nonnegative(), hash: z.string().regex(/^[0-9a-f]{32}$/) })
        .nullable(),
      sequences: listOf<SequenceContents>(
        200_000,
        ({ name, before, after }) => isText(name, 300) && isSequenceValue(before) && isSequenceValue(after),
      ),
      objects: listOf<DatabaseObject>(
        500_000,
        ({ kind, name, fingerprint }) =>
          KINDS.has(kind) &&
          isText(name, 20_000) &&
          (fingerprint === null || (isText(fingerprint, 32) && /^[0-9a-f]{32}$/.test(fingerprint))),
      ),
    })
    .nullable(),
})

export type BackupManifest = DeepReadonly<z.infer<typeof MANIFEST>>

export type BackupProof = BackupManifest['proofs'][number]

export type BackupLevel = 1 | 2 | 3 | 4

/** The manifest, or why it could not be read. */
export type ManifestReading =
  { readonly manifest: BackupManifest; readonly problem: null } | { readonly manifest: null; readonly problem: Phrase }

export function parseManifest(text: string): ManifestReading {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    return { manifest: null, problem: phrase`it is not JSON` }
  }
  const parsed = MANIFEST.safeParse(fromEarlierVersion(data))
  if (parsed.success) return { manifest: parsed.data, problem: null }
  return { manifest: null, problem: problemAt(parsed.error.issues[0]?.path.join('.') ?? '') }
}

function problemAt(place: string): Phrase {
  if (place === '') return phrase`it is not a JSON object`
  return place === 'formatVersion'
    ? phrase`its formatVersion is not one that this version of Prisma Audit reads (1 to 3)`
    : phrase`${place} is not as Prisma Audit writes it`
}

/**
 * Version 2 wrote definitions differently, so only their names can be compared. Version 1 also hashed tables
 * differently, so its recorded contents count as not recorded; its checksum, levels and everything else are valid. It
 * did not record which roles own something, so any may.
 */
function fromEarlierVersion(data: unknown): unknown {
  if (typeof data !== 'object' || data === null || !('formatVersion' in data)) return data
  const { needs, contents } = data as { needs?: { roles?: unknown }; contents?: { objects?: unknown } | null }
  if (data.formatVersion === 1)
    return { ...data, formatVersion: 3, needs: { owners: needs?.roles, ...needs }, contents: null }
  if (data.formatVersion !== 2) return data
  const objects = Array.isArray(contents?.objects)
    ? contents.objects.map((object: object) => ({ ...object, fingerprint: null }))
    : contents?.objects
  return { ...data, formatVersion: 3, contents: contents === null ? null : { ...contents, objects } }
}

/** Adds a proof and updates the level. */
export function withProof(manifest: BackupManifest, proof: BackupProof): BackupManifest {
  const proofs = [...manifest.proofs.slice(-100), proof]
  return { ...manifest, level: levelOf(proofs), proofs }
}

/** The highest level reached. A failed proof revokes its level and those above. */
export function levelOf(proofs: readonly BackupProof[]): number {
  let reached = 0
  for (const { level, outcome } of proofs) {
    if (outcome === 'passed') reached = Math.max(reached, level)
    else if (outcome === 'failed') reached = Math.min(reached, level - 1)
  }
  return reached
}

/** For JSON: without the definitions, which are long and of no use to a reader. */
export function summaryOf(manifest: BackupManifest) {
  const { contents, ...rest } = manifest
  return {
    ...rest,
    contents: contents === null ? null : { tables: contents.tables, largeObjects: contents.largeObjects },
  }
}

type DeepReadonly<Value> = Value extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : Value extends object
    ? { readonly [Key in keyof Value]: DeepReadonly<Value[Key]> }
    : Value
