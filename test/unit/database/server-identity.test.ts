import assert from 'node:assert/strict'
import { differencesOf, type ServerIdentity } from '../../../server/src/database/server-identity'
import { inPlainEnglish } from '../../../server/src/text/phrase'

describe('the identity of a server', () => {
  const planned: ServerIdentity = {
    systemIdentifier: '7700000000000000001',
    databaseOid: '16384',
    address: '10.0.0.5',
    port: 5432,
  }

  function check(
    found: Partial<ServerIdentity>,
    expected: readonly string[],
    before: Partial<ServerIdentity> = {},
  ): void {
    const differences = differencesOf({ ...planned, ...before }, { ...planned, ...found })
    assert.deepEqual(differences.map(inPlainEnglish), expected)
  }

  it('is another one after initdb, after a restore, and for a copy of the data folder elsewhere', () => {
    check({}, [])
    check({ systemIdentifier: '7700000000000000002' }, [
      "The server's system identifier was 7700000000000000001 and is now 7700000000000000002.",
    ])
    check({ databaseOid: '16500' }, ["The database's OID was 16384 and is now 16500."])
    check({ address: '10.0.0.9' }, ["The server's address was 10.0.0.5:5432 and is now 10.0.0.9:5432."])
    check({ port: 5433 }, ["The server's address was 10.0.0.5:5432 and is now 10.0.0.5:5433."])
    check({ address: null, port: null }, ["The server's address was 10.0.0.5:5432 and is now a Unix socket."])
    check({ address: null }, ["The server's address was 10.0.0.5:5432 and is now a Unix socket."])
    check({}, ["The server's address was a Unix socket and is now 10.0.0.5:5432."], { address: null })
    check({ address: '::1', port: 5433 }, ["The server's address was 10.0.0.5:5432 and is now [::1]:5433."])
    check({ address: '::1' }, ["The server's address was [::2]:5432 and is now [::1]:5432."], { address: '::2' })
  })

  it('is the same over IPv4 and IPv6, over a socket, and where the role may not read it all', () => {
    check({ address: '::1' }, [])
    check({ address: null, port: null }, [], { address: null, port: null })
    check({ systemIdentifier: null }, [])
    check({}, [], { systemIdentifier: null })
    check({ systemIdentifier: null, databaseOid: '9' }, ["The database's OID was 16384 and is now 9."])
  })
})
