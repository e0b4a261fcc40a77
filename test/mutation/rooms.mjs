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
    'test/database/migration/k',
    'test/database/migration/broken',
    'test/database/migration/faults',
    'test/database/migration/run-plan',
  ],
  database: ['test/unit/connection', 'test/unit/database', 'test/database/connect', 'test/database/catalog'],
  backup: ['test/unit/backup', 'test/database/backup'],
}

/** The tests of one file, where fewer do: a run over it takes minutes then. */
export const FILES = {
  'backup/backup-file.ts': ['test/unit/backup/backup-file'],
  'backup/split-statements.ts': ['test/unit/backup/split-statements'],
  'backup/plain-sql.ts': ['test/unit/backup/plain-sql'],
  'backup/built-in/protocol.ts': ['test/unit/backup/protocol'],
  'database/server-identity.ts': ['test/unit/database/server-identity', 'test/database/target/another-server'],
  'database/connection-settings.ts': ['test/unit/connection'],
  'database/describe-url.ts': ['test/unit/connection'],
  'database/split-url.ts': ['test/unit/connection'],
  'database/quote.ts': ['test/unit/connection/quote'],
  'migration/plan/batches.ts': ['test/unit/migration', 'test/database/migration/sample-scripts'],
  'migration/plan/names.ts': ['test/unit/migration'],
}
