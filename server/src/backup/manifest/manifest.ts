// As a namespace: so the bundle has only what is used of it.
import * as z from 'zod'
import { OBJECT_KINDS } from '../contents/model'

const SEQUENCE_VALUE = z
  .string()
  .regex(/^-?\d{1,19}$/)
  .nullable()

/**
 * What is known of a backup, in a file beside it. A file on a disk may say anything, so it is read by this shape only, its names
 * are data and never paths, and nothing is run because of it.
 */
const MANIFEST = z.object({
  formatVersion: z.literal(2, {
    error: ({ input }) =>
      `is ${typeof input === 'number' ? input : 'no number'}, and this version of Prisma Audit reads 1 and 2`,
  }),
  /** The backup's name in the same folder. */
  file: z
    .string()
    .min(1)
    .max(255)
    .refine((name) => !/[/\\\0]/.test(name) && name !== '.' && name !== '..', 'is not a plain file name'),
  format: z.enum(['custom', 'directory', 'plain', 'export']),
  /** Of a folder's files together. */
  bytes: z.number().int().nonnegative(),
  /** Of a folder, that of its files' names and sums (`sumOfSums`): it proves each of them, and that there is no other. */
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
  scope: z.object({
    kind: z.enum(['database', 'tables', 'structure']),
    /** Quoted names; empty for the whole database. */
    tables: z.array(z.string().max(300)).max(20_000),
  }),
  /** The migration before which it was made; null where it was made by itself. */
  plan: z.object({ digest: z.string().max(100), title: z.string().max(2000) }).nullable(),
  /** Recipients of `age`; empty where it is not encrypted. */
  encryptedTo: z.array(z.string().max(3000)).max(100),
  /** What must be there where it is restored. */
  needs: z.object({
    roles: z.array(z.string().max(255)).max(20_000),
    /** Of the roles, those that own something: their code runs when it is restored. */
    owners: z.array(z.string().max(255)).max(20_000),
    extensions: z.array(z.string().max(255)).max(2000),
  }),
  /** The highest level that was reached, 0 where it was found damaged since; and each that was tried, in that order. */
  level: z.number().int().min(0).max(4),
  proofs: z
    .array(
      z.object({
        level: z.number().int().min(1).max(4),
        outcome: z.enum(['passed', 'failed', 'not proven']),
        at: z.iso.datetime(),
        milliseconds: z.number().nonnegative(),
        /** A part of a sentence. */
        detail: z.string().max(20_000),
      }),
    )
    .max(200),
  /** When it was restored into a database that was kept, and into which. */
  restores: z.array(z.object({ at: z.iso.datetime(), database: z.string().max(255) })).max(1000),
  contents: z
    .object({
      serverMajor: z.number().int().positive(),
      tables: z
        .array(
          z.object({
            name: z.string().max(300),
            rows: z.number().int().nonnegative(),
            hash: z.string().regex(/^[0-9a-f]{24}$/),
          }),
        )
        .max(200_000),
      largeObjects: z
        .object({ count: z.number().int().nonnegative(), hash: z.string().regex(/^[0-9a-f]{32}$/) })
        .nullable(),
      sequences: z
        .array(z.object({ name: z.string().max(300), before: SEQUENCE_VALUE, after: SEQUENCE_VALUE }))
        .max(200_000),
      objects: z
        .array(
          z.object({
            kind: z.enum(OBJECT_KINDS),
            name: z.string().max(20_000),
            fingerprint: z.string().regex(/^[0-9a-f]{32}$/),
          }),
        )
        .max(500_000),
    })
    .nullable(),
})

export type BackupManifest = DeepReadonly<z.infer<typeof MANIFEST>>

export type BackupProof = BackupManifest['proofs'][number]

export type BackupLevel = 1 | 2 | 3 | 4

/** What was read of a manifest: it, or why it is none. */
export type ManifestReading =
  { readonly manifest: BackupManifest; readonly problem: null } | { readonly manifest: null; readonly problem: string }

export function parseManifest(text: string): ManifestReading {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    return { manifest: null, problem: 'it is not JSON' }
  }
  const parsed = MANIFEST.safeParse(fromEarlierVersion(data))
  if (parsed.success) return { manifest: parsed.data, problem: null }
  const [first] = parsed.error.issues
  return { manifest: null, problem: `${first?.path.join('.') ?? ''}: ${first?.message ?? 'is not valid'}` }
}

/**
 * Version 1 hashed tables in another way, so that nothing compares with what it recorded of the contents: its checksum, levels and all else
 * count, and the contents are taken as not recorded. Which of its roles own something it did not say: each may.
 */
function fromEarlierVersion(data: unknown): unknown {
  const isFirst = typeof data === 'object' && data !== null && 'formatVersion' in data && data.formatVersion === 1
  if (!isFirst) return data
  const { needs, ...others } = data as { needs?: { roles?: unknown } }
  return { ...others, formatVersion: 2, needs: { owners: needs?.roles, ...needs }, contents: null }
}

/** With another proof, and the level that all of them show. */
export function withProof(manifest: BackupManifest, proof: BackupProof): BackupManifest {
  const proofs = [...manifest.proofs.slice(-100), proof]
  return { ...manifest, level: levelOf(proofs), proofs }
}

/** The highest level that was reached. A proof that fails takes its level and those above it away. */
export function levelOf(proofs: readonly BackupProof[]): number {
  let reached = 0
  for (const { level, outcome } of proofs) {
    if (outcome === 'passed') reached = Math.max(reached, level)
    else if (outcome === 'failed') reached = Math.min(reached, level - 1)
  }
  return reached
}

/** For JSON: without the definitions, which are many and mean nothing to a reader. */
export function summaryOf(manifest: BackupManifest): object {
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
