import type { StepKind } from '../model'

/** Why a step is done, and done in this way: for the comments of the scripts and for the preview. */
export const EXPLANATIONS: Readonly<Record<StepKind, string>> = {
  precondition: 'Checked before anything is changed.',
  'add-column':
    'NULL, or a default that is the same for all rows: PostgreSQL stores it in the catalog and does not rewrite the table.',
  'add-foreign-key':
    'NOT VALID: it holds for every write from now on, and no row is read while writers wait. It is validated further down.',
  populate: 'In small batches, each in its own transaction, so that row locks are short.',
  'hold-columns':
    'Filling updates rows, so their triggers run: what those write into other columns is restored at once.',
  'release-columns': 'The rows are filled.',
  'put-back': 'Values that the application had written and that a rollback preserved.',
  'validate-constraint': 'Reads every row while others go on reading and writing.',
  'set-not-null':
    'By a CHECK that is validated while others work, so that no row is read under a lock that keeps everyone out.',
  'create-index': 'CONCURRENTLY, so outside a transaction: others go on writing while it is built.',
  'create-schema': 'It is empty at first.',
  'create-extension':
    'The role must be allowed to; many servers let the owner of the database create the trusted ones.',
  'create-enum': 'A type of its own, which no table uses yet.',
  'add-enum-value':
    'At once and without reading a table. PostgreSQL cannot drop a value again, so a rollback leaves it.',
  'create-table': 'With its key and its indexes, while nobody uses it.',
  'set-default': 'Rows that come from now on get their value; those that stand already are filled next.',
  'create-partitioned-index':
    'ON ONLY: it indexes no row and is not valid yet, and a partition that is added from now on gets its index by itself.',
  'attach-index': 'Reads no row. With the last one attached, the index of the whole table is valid.',
  'attach-foreign-key': 'Each partition has it proven already, so PostgreSQL takes theirs for it and reads no row.',
  'create-function': 'What the triggers call. A function of the same name that is not ours is never replaced.',
  'create-trigger': 'After the rows were filled, so that filling them did not run it.',
  'drop-default': 'The trigger fills a missing value from now on, and Prisma would take the default for drift.',
  'record-history': "So that Prisma's own history knows what was done.",
}
