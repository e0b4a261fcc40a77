import assert from 'node:assert/strict'
import { describeUrl, labelIn, redact, secretsOf } from '../../../server/src/database/describe-url'
import { splitUrl } from '../../../server/src/database/split-url'
import { cutName, quoteIdentifier, quoteLiteral, quoteQualified } from '../../../server/src/database/quote'
import { inPlainEnglish } from '../../../server/src/text/phrase'
import { createTranslate } from '../../../server/src/text/translate'

describe('names', () => {
  it('are quoted so that nothing gets out', () => {
    assert.equal(quoteIdentifier('User'), '"User"')
    assert.equal(quoteIdentifier('a"; DROP TABLE x; --'), '"a""; DROP TABLE x; --"')
    assert.equal(quoteQualified('pu"blic', '$$'), '"pu""blic"."$$"')
    assert.equal(quoteLiteral("it's"), "'it''s'")
    assert.equal(quoteLiteral("\\'"), " E'\\\\'''")
  })

  it('are cut at 63 bytes, never within a character', () => {
    assert.equal(cutName('a'.repeat(63)), 'a'.repeat(63))
    assert.equal(cutName('a'.repeat(64)), 'a'.repeat(63))
    assert.equal(cutName('a'.repeat(62) + 'é'), 'a'.repeat(62))
    assert.equal(cutName('a'.repeat(61) + 'éb'), 'a'.repeat(61) + 'é')
    assert.equal(cutName('😀'.repeat(16)), '😀'.repeat(15))
    // What is no Unicode keeps its spelling where nothing is cut.
    assert.equal(cutName('\ud800'), '\ud800')
  })
})

describe('splitUrl', () => {
  it('parts the base from the parameters, and leaves out the fragment', () => {
    const check = (url: string, base: string, query: string) => {
      assert.deepEqual(splitUrl(url), [base, query])
    }
    check('postgresql://u@h/db', 'postgresql://u@h/db', '')
    check(' postgresql://u@h/db?a=1?2 ', 'postgresql://u@h/db', 'a=1?2')
    check('postgresql://u@h/db?a=1#?b=2', 'postgresql://u@h/db', 'a=1')
    check('postgresql://h:1/db#?b=2', 'postgresql://h:1/db', '')
    check('postgresql://h?a=1#b', 'postgresql://h', 'a=1')
    // That is a password that is not encoded; whoever reads the base tells of it.
    check('postgresql://u:a#b@h/db?c=d', 'postgresql://u:a#b@h/db', 'c=d')
    check('a#b', 'a', '')
    check('', '', '')
  })
})

describe('describeUrl and redact', () => {
  const label = (url: string) => describeUrl(url).label

  it('say where a database is', () => {
    assert.equal(label('postgresql://u:p@localhost:5433/app?schema=x'), 'app on localhost:5433')
    assert.equal(label('postgres://db.example.org/%C3%BC'), 'ü on db.example.org:5432')
    assert.equal(label('postgresql://u@[::1]/app'), 'app on [::1]:5432')
    assert.equal(label('postgresql://u:p@/app?host=/run/postgresql'), 'app on /run/postgresql')
    assert.equal(label('postgresql://u:p a/#ss@h/app'), 'the database of an unreadable URL')
    assert.equal(label('postgresql://h'), 'h:5432')
    assert.equal(label('postgresql:///app'), 'app on localhost:5432')
    assert.equal(label('postgresql://u@h:1/app?host=g&port=2&dbname=b'), 'b on g:2')
    assert.equal(label('postgresql://me@h'), 'me on h:5432')
    assert.equal(label('postgresql://u@h/a%E0b'), 'a%E0b on h:5432')
    const { named, ...unreadable } = describeUrl('no URL')
    assert.deepEqual(unreadable, {
      ...{ database: '', host: '', port: '', user: '' },
      label: label('no URL'),
    })
    assert.equal(inPlainEnglish(named), label('no URL'))
    const german = createTranslate({ '{0} on {1}': '{0} auf {1}' }, 'de')
    assert.equal(labelIn(german, { url: 'postgresql://localhost/app' }), 'app auf localhost:5432')
    assert.equal(describeUrl('postgresql://m%65@h/app').user, 'me')
    assert.equal(describeUrl('postgresql://me@h/app?user=you').user, 'you')
  })

  it('never tell a password', () => {
    const check = (url: string, password: string) => {
      assert.doesNotMatch(JSON.stringify(describeUrl(url)), new RegExp(password))
      const clean = redact(`failed: ${url} (${password}) ${encodeURIComponent(password)}`, url)
      assert.ok(!clean.includes(password) && !clean.includes(encodeURIComponent(password)), clean)
    }
    check('postgresql://u:s3cret@h/app', 's3cret')
    check('postgresql://u:p%40ss%2F1@h/app', 'p@ss/1')
    check('postgresql://u:half/broken@h/app', 'half/broken')
    check('postgresql://u@h/app?password=hidden', 'hidden')
    check('postgresql://me:half%40/broken@h/app', 'half@/broken')
    // An `@` further on makes the password no longer.
    check('postgresql://u:p%40ss@h/app?x=a@b', 'p@ss')
    assert.deepEqual(secretsOf('postgresql://u:\ud800abc/@h/app'), ['\ud800abc/'])
    check('postgresql://u@h/app?sslpassword=hidden', 'hidden')
    check('postgresql://h/app?api_key=hidden', 'hidden')
    assert.equal(redact('a secret, app on h', 'postgresql://u:app@h/app?password=secret'), 'a *****, app on h')
    // The longest goes first, or a part of it would stay.
    assert.equal(redact('abcdef abc', 'postgresql://u:abc@h/app?password=abcdef'), '***** *****')
    assert.equal(redact('a ab', 'postgresql://u:ab@h/app'), 'a ab')
    const parameters = 'sslpassword=abc&password=def PASSWORD=x y'
    assert.equal(redact(parameters, 'postgresql://h/app'), 'sslpassword=*****&password=***** PASSWORD=***** y')
    assert.equal(redact('postgres://other:pass@h/x', 'postgresql://h'), 'postgres://other:*****@h/x')
    assert.equal(redact('a:b@c', 'postgresql://h/app'), 'a:b@c')
    assert.equal(redact('see postgres://other:pass@h/x', 'postgresql://u:p@h/x'), 'see postgres://other:*****@h/x')
  })
})
