import type { StepKind } from '../model'

/** Why a step is done, and done in this way: for the comments of the scripts and for the preview. */
export const EXPLANATIONS: Readonly<Record<StepKind, string>> = {
  precondition: 'Checked before anything changes.',
  'add-column': 'Nullable, or with a default that PostgreSQL stores in the catalog: the table is not rewritten.',
  'add-foreign-key':
    'NOT VALID: applies to all new writes, and reads no rows under the lock. A later step validates it.',
  populate: 'In small batches, each in its own transaction, so that row locks are short.',
  'hold-columns':
    'Filling updates rows and fires their triggers. This trigger undoes what those write to other columns.',
  'release-columns': 'All rows are filled.',
  'put-back': 'Values that the application wrote and a rollback preserved.',
  'validate-constraint': 'Reads every row, but blocks neither reads nor writes.',
  'set-not-null':
    'By a CHECK constraint that is validated without blocking writes, so that SET NOT NULL skips the table scan.',
  'create-index': 'CONCURRENTLY, so outside a transaction: does not block writes.',
  'create-schema': 'Empty at first.',
  'create-extension': 'Needs the privilege to create extensions. The owner of the database may create trusted ones.',
  'create-enum': 'A new type that no table uses yet.',
  'add-enum-value': 'Reads no table. PostgreSQL cannot drop an enum value, so a rollback leaves it.',
  'create-table': 'With its primary key and indexes, before anyone uses it.',
  'set-default': 'New rows get the default; existing rows are filled next.',
  'create-partitioned-index':
    'ON ONLY: indexes no rows and is not valid yet. New partitions get their index automatically.',
  'attach-index': 'Reads no rows. Once all are attached, the index of the partitioned table is valid.',
  'attach-foreign-key': 'Already validated on each partition, so PostgreSQL attaches those and reads no rows.',
  'create-function': 'Called by the triggers. A function of the same name that is not ours is never replaced.',
  'create-trigger': 'After the rows are filled, so that filling does not fire it.',
  'drop-default': 'From now on the trigger fills a missing value, and Prisma would report the default as drift.',
  'record-history': "Recorded in Prisma's history.",
}
