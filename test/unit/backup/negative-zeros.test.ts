import assert from 'node:assert/strict'
import { quoteNegativeZeros } from '../../../server/src/backup/built-in/negative-zeros'

describe('quoteNegativeZeros', () => {
  const check = (dump: string, expected: string) => {
    assert.equal(quoteNegativeZeros(dump), expected)
  }

  it('quotes the values of INSERTs, and nothing else of them', () => {
    check(
      `-- Data; -0,\n\nINSERT INTO public."a (-0," (x, "-0") VALUES\n\t(-0, -0.5, 1e-05, ', -0,'),\n\t(-1, 0, -0, '-0');\n\nSELECT 1;\n`,
      `-- Data; -0,\n\nINSERT INTO public."a (-0," (x, "-0") VALUES\n\t('-0', -0.5, 1e-05, ', -0,'),\n\t(-1, 0, '-0', '-0');\n\nSELECT 1;\n`,
    )
  })

  it('leaves all other statements alone, also inside functions and rules', () => {
    for (const dump of [
      'CREATE FUNCTION f() RETURNS void LANGUAGE sql BEGIN ATOMIC\n INSERT INTO t VALUES (-0, 1);\nEND;\nSELECT 1;',
      'CREATE RULE r AS ON INSERT TO t DO INSTEAD INSERT INTO u VALUES (-0, 1);',
      'SELECT (-0);\n\n-- end\n',
      'INSERT INTO t VALUES (0);\n',
    ])
      check(dump, dump)
  })
})
