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
  database: ['test/unit/connection', 'test/database/connect', 'test/database/catalog'],
  backup: ['test/unit/backup', 'test/database/backup'],
}
