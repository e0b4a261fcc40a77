import assert from 'node:assert/strict'
import { ListedEntries } from '../../../server/src/backup/contents/listed-entries'

describe('the entries of a table of contents that are kept in memory', () => {
  it('are those that are compared, and one for each other owner and tablespace', () => {
    const listed = new ListedEntries()
    for (const table of ['a', 'b']) {
      for (const type of ['TABLE', 'SEQUENCE', 'SEQUENCE OWNED BY', 'DEFAULT', 'TABLE DATA', 'CONSTRAINT', 'INDEX'])
        listed.add({ type, schema: 'public', name: table, owner: 'ada', tablespace: '' })
    }
    listed.add({ type: 'SCHEMA', schema: '', name: 'x', owner: 'bram', tablespace: '' })
    listed.add({ type: 'CONSTRAINT', schema: 'public', name: 'key', owner: 'ada', tablespace: 'fast' })
    listed.add({ type: 'SUBSCRIPTION', schema: '', name: 's', owner: 'ada', tablespace: '' })
    assert.deepEqual(
      listed.entries.map(({ type, name, owner, tablespace }) => [type, name, owner, tablespace].join(' ').trim()),
      [
        ...['TABLE a ada', 'INDEX a ada', 'TABLE b ada', 'INDEX b ada'],
        ...['SCHEMA x bram', 'CONSTRAINT key ada fast', 'SUBSCRIPTION s ada'],
      ],
    )
  })
})
