import assert from 'node:assert/strict'
import { parsePolicy } from '../../../server/src/audit-fields/parse-policy'

describe('the problems of a policy', () => {
  it('say what a value must be, not in the words of a library', () => {
    const long = 'x'.repeat(2001)
    const { problems } = parsePolicy(`{
      "rules": "",
      "fields": { "ownerId": { "populate": 1 } },
      "databases": [{ "port": 0 }, { "port": 70000 }],
      "application": { "start": ["", "${long}"], "ready": "x", "checks": [
        { "request": "GET /", "login": { "request": "POST /", "body": "x", "csrf": { "request": "GET /", "token": "a", "field": "b" } } },
        { "request": "GET /", "login": { "request": "POST /", "csrf": { "request": "GET /", "token": "a", "cookie": "b" } } }
      ] }
    }`)
    assert.deepEqual(problems.map(({ message }) => message).sort(), [
      'application.checks[0].login: the body must be an object, because csrf.field adds a field to it.',
      'application.checks[1].login.csrf: name where the CSRF token comes from ("token" or "cookie") and where it goes ("header" or "field").',
      'application.ready: must be a URL.',
      'application.ready: the application is tested on this machine: use localhost, 127.0.0.1 or [::1].',
      'application.start[0]: must not be empty.',
      'application.start[1]: must have at most 2,000 characters.',
      'databases[0].port: must be at least 1.',
      'databases[1].port: must be at most 65,535.',
      'fields.ownerId.populate: is not valid.',
      'rules: must be of type array, not string.',
    ])
  })
})
