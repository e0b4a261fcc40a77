import assert from 'node:assert/strict'
import { hasOnlyHarmlessErrors, restoreWarnings } from '../../../server/src/backup/native/restore-output'

/** Of pg_restore 17.12 on PostgreSQL 15, without its steps. */
const ON_OLDER_SERVER = `pg_restore: while INITIALIZING:
pg_restore: error: could not execute query: ERROR:  unrecognized configuration parameter "transaction_timeout"
Command was: SET transaction_timeout = 0;
pg_restore: WARNING:  wal_level is insufficient to publish logical changes
HINT:  Set wal_level to "logical" before creating subscriptions.
pg_restore: warning: errors ignored on restore: 1`

describe('the output of pg_restore', () => {
  it('of a newer version than the server counts no error that is none', () => {
    assert.equal(hasOnlyHarmlessErrors(ON_OLDER_SERVER), true)
    assert.deepEqual(restoreWarnings(ON_OLDER_SERVER), [
      'pg_restore: WARNING:  wal_level is insufficient to publish logical changes',
    ])
  })

  it('has an error that counts', () => {
    const error = 'pg_restore: error: could not execute query: ERROR:  role "a" does not exist'
    assert.equal(hasOnlyHarmlessErrors(`${error}\n${ON_OLDER_SERVER}`), false)
    assert.equal(hasOnlyHarmlessErrors('pg_restore: killed'), false)
  })
})
