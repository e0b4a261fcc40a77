import { phrase, type Phrase } from '../text/phrase'
/**
 * What is known about a kind of step, regardless of its table: the only list of the kinds. The SQL is in its builder.
 */
export interface StepKindFacts {
  /**
   * The names of the functions that build its steps, as the journal has them: a name never changes. Each is called by
   * `run/recipes/builders.ts`, which rebuilds a step for a rollback.
   */
  readonly builders: readonly string[]
  /** Why a step is run, and run in this way: for the comments in scripts and for the preview. */
  readonly why: Phrase
  /** Why it is rolled back in this way. */
  readonly whyBack: string
  /** What the preview says if the step has nothing to roll back. */
  readonly nothingBack?: Phrase
  /** For the summary: verb, object and, if it is irregular, the plural. */
  readonly work: readonly [verb: string, object: string, objects?: string]
  /**
   * What `Step.object` names if the step creates it and a rollback must find it after a rename; null for anything else,
   * and for columns, which `run/journal/identities` records.
   */
  readonly creates: CreatedObject | null
  /** Whether it reads or checks rows, so that none may be hidden from the role. */
  readonly readsRows?: true
  /** Whether it fills rows, or is verified by an UPDATE. */
  readonly writesRows?: true
  /** Whether it also runs on partitions, which may be in another schema than their table. */
  readonly isOfPartitionsToo?: true
  /**
   * Whether it contains SQL of the project: defaults, types from the schema, conditions and operator classes of
   * indexes.
   */
  readonly holdsProjectSql?: true
  /** Whether its result is permanent, so that a verification of the drift checks it. */
  readonly isLasting?: true
  /** Whether it can make the application's INSERT, UPDATE or DELETE fail, so that those are tested first. */
  readonly changesWrites?: true
  /**
   * Whether its statement is tried before the run if the database has event triggers. One statement of each kind is
   * enough, and none that reads rows is tried.
   */
  readonly isTriedFirst?: true
}

export type CreatedObject = 'table' | 'index' | 'constraint' | 'trigger' | 'function' | 'enum' | 'schema'

const KINDS = {
  precondition: {
    builders: ['precondition'],
    why: phrase`Checked before anything changes.`,
    whyBack: 'Changed nothing.',
    work: ['check', 'precondition'],
    creates: null,
    readsRows: true,
    isOfPartitionsToo: true,
  },
  'create-schema': {
    builders: ['create-schema'],
    why: phrase`Empty at first.`,
    whyBack: 'Only if it is empty.',
    work: ['create', 'schema'],
    creates: 'schema',
    isLasting: true,
    isTriedFirst: true,
  },
  'create-extension': {
    builders: ['create-extension'],
    why: phrase`Needs the privilege to create extensions. The owner of the database may create trusted ones.`,
    whyBack: 'Only if nothing depends on it.',
    work: ['create', 'extension'],
    creates: null,
    isOfPartitionsToo: true,
    // Where it goes.
    holdsProjectSql: true,
    isLasting: true,
  },
  'create-enum': {
    builders: ['create-enum'],
    why: phrase`A new type that no table uses yet.`,
    whyBack: 'Only if no column uses it.',
    work: ['create', 'enum type'],
    creates: 'enum',
    isLasting: true,
    isTriedFirst: true,
  },
  'add-enum-value': {
    builders: ['add-enum-value'],
    why: phrase`Reads no table. PostgreSQL cannot drop an enum value, so a rollback leaves it.`,
    whyBack: 'PostgreSQL cannot drop an enum value.',
    nothingBack: phrase`Cannot be rolled back: PostgreSQL cannot drop an enum value.`,
    work: ['add', 'enum value'],
    creates: null,
    isLasting: true,
  },
  'create-table': {
    builders: ['create-table'],
    why: phrase`With its primary key and indexes, before anyone uses it.`,
    whyBack: "Only if it is empty. To drop it with its rows, SET prisma_audit.drop_data = 'on'.",
    work: ['create', 'table'],
    creates: 'table',
    holdsProjectSql: true,
    isLasting: true,
    isTriedFirst: true,
  },
  'add-column': {
    builders: ['add-column', 'add-missing-column'],
    why: phrase`Nullable, or with a default that PostgreSQL stores in the catalog: the table is not rewritten.`,
    whyBack: 'The values are dropped with the column.',
    work: ['add', 'column'],
    creates: null,
    readsRows: true,
    holdsProjectSql: true,
    isLasting: true,
    changesWrites: true,
    isTriedFirst: true,
  },
  'set-default': {
    builders: ['set-default'],
    why: phrase`New rows get the default; existing rows are filled next.`,
    whyBack: 'The values are dropped with the column.',
    work: ['set', 'default'],
    creates: null,
    holdsProjectSql: true,
    changesWrites: true,
    isTriedFirst: true,
  },
  'drop-default': {
    builders: ['drop-default'],
    why: phrase`From now on the trigger fills a missing value, and Prisma would report the default as drift.`,
    whyBack: 'Until the column is dropped, an INSERT that omits it needs the default again.',
    work: ['change', 'default'],
    creates: null,
    holdsProjectSql: true,
    changesWrites: true,
    isTriedFirst: true,
  },
  'add-foreign-key': {
    builders: ['add-foreign-key', 'add-foreign-key-to-new-table'],
    why: phrase`NOT VALID: applies to all new writes, and reads no rows under the lock. A later step validates it.`,
    whyBack: 'Before the column, so that only our constraint is dropped.',
    work: ['add', 'foreign key'],
    creates: 'constraint',
    readsRows: true,
    isOfPartitionsToo: true,
    changesWrites: true,
    isTriedFirst: true,
  },
  'validate-constraint': {
    builders: ['validate-foreign-key', 'validate-not-null-check'],
    why: phrase`Reads every row, but blocks neither reads nor writes.`,
    whyBack: 'A validated constraint cannot be made NOT VALID again.',
    nothingBack: phrase`Nothing to roll back: the constraint is dropped by its own step.`,
    work: ['validate', 'constraint'],
    creates: null,
    readsRows: true,
    isOfPartitionsToo: true,
    isLasting: true,
  },
  'attach-foreign-key': {
    builders: ['attach-foreign-key'],
    why: phrase`Already validated on each partition, so PostgreSQL attaches those and reads no rows.`,
    whyBack: 'Also drops those of the partitions.',
    work: ['attach the partitions of', 'foreign key'],
    creates: 'constraint',
    isOfPartitionsToo: true,
    isLasting: true,
    changesWrites: true,
  },
  'hold-columns': {
    builders: ['hold-columns'],
    why: phrase`Filling updates rows and fires their triggers. This trigger undoes what those write to other columns.`,
    whyBack: 'Exists only while a column is filled.',
    work: ['create', 'temporary trigger'],
    creates: 'trigger',
    isOfPartitionsToo: true,
    isTriedFirst: true,
  },
  populate: {
    builders: ['fill'],
    why: phrase`In small batches, each in its own transaction, so that row locks are short.`,
    whyBack: 'The values are dropped with the column.',
    nothingBack: phrase`Nothing to roll back: the values are dropped with the column.`,
    work: ['fill', 'column'],
    creates: null,
    readsRows: true,
    writesRows: true,
    isOfPartitionsToo: true,
  },
  'release-columns': {
    builders: ['release-columns'],
    why: phrase`All rows are filled.`,
    whyBack: 'Already dropped.',
    work: ['drop', 'temporary trigger'],
    creates: null,
    isOfPartitionsToo: true,
  },
  /** Restores preserved values. Stored journals have this name, so it stays. */
  'put-back': {
    builders: ['put-back', 'count-nulls'],
    why: phrase`Values that the application wrote and a rollback preserved.`,
    whyBack: 'The values are dropped with the column.',
    work: ['restore the values of', 'column'],
    creates: null,
    readsRows: true,
    writesRows: true,
    isOfPartitionsToo: true,
  },
  'set-not-null': {
    builders: ['add-not-null-check', 'set-not-null', 'set-not-null-of-any-type'],
    why: phrase`By a CHECK constraint that is validated without blocking writes, so that SET NOT NULL skips the table scan.`,
    whyBack: 'Allows NULL again.',
    work: ['run', 'SET NOT NULL step'],
    creates: 'constraint',
    readsRows: true,
    isOfPartitionsToo: true,
    changesWrites: true,
  },
  'create-index': {
    builders: ['create-index'],
    why: phrase`CONCURRENTLY, so outside a transaction: does not block writes.`,
    whyBack: 'CONCURRENTLY, so outside a transaction: does not block writes.',
    work: ['create', 'index', 'indexes'],
    creates: 'index',
    isOfPartitionsToo: true,
    holdsProjectSql: true,
    isLasting: true,
    changesWrites: true,
    isTriedFirst: true,
  },
  'create-partitioned-index': {
    builders: ['create-partitioned-index'],
    why: phrase`ON ONLY: indexes no rows and is not valid yet. New partitions get their index automatically.`,
    whyBack: 'Already dropped with the index of the partitioned table, or without entries.',
    work: ['create', 'partitioned index', 'partitioned indexes'],
    creates: 'index',
    // Of a partition that has partitions itself.
    isOfPartitionsToo: true,
    holdsProjectSql: true,
    changesWrites: true,
    isTriedFirst: true,
  },
  'attach-index': {
    builders: ['attach-indexes'],
    why: phrase`Reads no rows. Once all are attached, the index of the partitioned table is valid.`,
    whyBack: 'Also drops the attached indexes of the partitions, which cannot be dropped on their own.',
    work: ['attach the partitions of', 'index', 'indexes'],
    creates: null,
    isOfPartitionsToo: true,
    isLasting: true,
    changesWrites: true,
  },
  'create-function': {
    builders: ['create-function', 'create-actor-function'],
    why: phrase`Called by the triggers. A function of the same name that is not ours is never replaced.`,
    whyBack: 'Only if it is ours and no trigger calls it.',
    work: ['create', 'function'],
    creates: 'function',
    isTriedFirst: true,
  },
  'create-trigger': {
    builders: ['create-trigger', 'enable-trigger', 'disable-trigger', 'create-actor-trigger'],
    why: phrase`After the rows are filled, so that filling does not fire it.`,
    whyBack: 'The column is no longer maintained.',
    work: ['create', 'trigger'],
    creates: 'trigger',
    writesRows: true,
    changesWrites: true,
    isTriedFirst: true,
  },
  'record-history': {
    builders: ['record-history'],
    why: phrase`Recorded in Prisma's history.`,
    whyBack: "The record stays in Prisma's history.",
    work: ['record', 'migration'],
    creates: null,
  },
} as const satisfies Readonly<Record<string, StepKindFacts>>

export type StepKind = keyof typeof KINDS

/** `former` is for steps of journals in format 1. */
export type StepBuilder = (typeof KINDS)[StepKind]['builders'][number] | 'former'

export const STEP_KINDS: Readonly<Record<StepKind, StepKindFacts>> = KINDS
