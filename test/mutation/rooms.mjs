/**
 * The rooms in which a mistake costs somebody his data, and the tests that must notice one there: parts of the paths of
 * test files, as for `npm run mocha`.
 */
export const ROOMS = {
  'migration/plan': [
    'test/unit/migration',
    'test/database/migration/properties',
    'test/database/migration/scripts',
    'test/database/migration/run-plan',
  ],
  'migration/run': [
    'test/unit/migration',
    'test/database/migration/preserved',
    'test/database/migration/broken',
    'test/database/migration/faults',
    'test/database/migration/run-plan',
  ],
  database: ['test/unit/connection', 'test/unit/database', 'test/database/connect', 'test/database/catalog'],
  backup: ['test/unit/backup', 'test/database/backup'],
  verification: ['test/unit/verification', 'test/database/migration/verification'],
}

/** The tests of one file, where fewer do: a run over it takes minutes then. */
export const FILES = {
  'backup/backup-file.ts': ['test/unit/backup/backup-file'],
  'backup/built-in/protocol.ts': ['test/unit/backup/protocol'],
  'backup/choose-backup-tool.ts': ['test/unit/backup/choose-pg-dump'],
  'backup/proof/judge-partial-load.ts': ['test/unit/backup/judge-partial-load'],
  'backup/native/choose-pg-dump.ts': ['test/unit/backup/choose-pg-dump'],
  'backup/sql/portable-statements.ts': ['test/unit/backup/portable-statements'],
  'backup/sql/split-statements.ts': ['test/unit/backup/split-statements'],
  'database/connection-settings.ts': ['test/unit/connection'],
  'database/describe-url.ts': ['test/unit/connection'],
  'database/harmless-expression.ts': ['test/unit/database/harmless'],
  'database/quote.ts': ['test/unit/connection/quote'],
  'database/server-identity.ts': ['test/unit/database/server-identity', 'test/database/target/another-server'],
  'database/split-url.ts': ['test/unit/connection'],
  'database/tls-settings.ts': ['test/unit/connection', 'test/database/connect/tls'],
  'migration/plan/batches.ts': ['test/database/migration/batches'],
  'migration/plan/names.ts': ['test/unit/migration/names'],
  'migration/plan/owner-column.ts': ['test/unit/migration/owner-column'],
  'migration/plan/steps/hold-columns.ts': ['test/unit/migration/hold-columns', 'test/database/migration/held-columns'],
  'migration/plan/steps/drop-when-empty.ts': ['test/database/migration/drop-when-empty'],
  'migration/plan/taken-names.ts': ['test/unit/migration/names'],
  'migration/plan/steps/populate.ts': ['test/unit/migration', 'test/database/migration/sample-scripts'],
  'migration/plan/steps/precondition.ts': ['test/unit/migration', 'test/database/migration/sample-scripts'],
  'migration/plan/steps/set-not-null.ts': ['test/unit/migration', 'test/database/migration/sample-scripts'],
  'migration/run/execution/batch-size.ts': ['test/unit/migration/run.test'],
  'migration/run/execution/execution.ts': ['test/database/migration/session'],
  'migration/run/preserved/preserve-column.ts': ['test/database/migration/preserved-values'],
  'migration/run/preserved/restore-values-step.ts': ['test/database/migration/preserved-values'],
  'migration/run/steps/rate.ts': ['test/unit/migration/run.test'],
  'migration/run/recipes/parameters.ts': ['test/database/migration/journal/recipes'],
  'migration/run/execution/retry.ts': ['test/unit/migration/retry'],
  'migration/run/roll-back/roll-back-progress.ts': [
    'test/database/migration/run-target',
    'test/database/migration/run-plan',
  ],
  'migration/run/journal/run-target.ts': ['test/unit/migration/run-target'],
  'migration/run/recipes/sql-texts.ts': ['test/unit/migration/sql-texts'],
  'migration/run/steps/drop-unproven-constraint.ts': ['test/database/migration/take-back'],
  'verification/run-checks.ts': ['test/database/migration/verification'],
}
