import type { EvidenceName } from './model'

/** `left-out` is not offered at all: a reviewer would decline it each time. */
export type Rank = 'ticked' | 'unticked' | 'left-out'

/** How likely a person wants the edit, by all facts about the place. */
export function rank(evidence: readonly EvidenceName[]): Rank {
  const score = scoreOf(evidence)
  if (score >= TICKED && !evidence.some((name) => UNTICKING.has(name))) return 'ticked'
  return score >= OFFERED ? 'unticked' : 'left-out'
}

export function scoreOf(evidence: Iterable<EvidenceName>): number {
  let score = 0
  for (const name of new Set(evidence)) score += EVIDENCE[name].weight
  return score
}

/** In words, strongest first; without facts that alone speak neither for nor against a place. */
export function describeEvidence(evidence: Iterable<EvidenceName>): string[] {
  return [...new Set(evidence)]
    .filter((name) => EVIDENCE[name].weight !== 0 || UNTICKING.has(name))
    .map((name) => EVIDENCE[name])
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
    .map(({ text }) => text)
}

/** A person must confirm these, regardless of any other evidence. */
const UNTICKING: ReadonlySet<EvidenceName> = new Set([
  'no-dates',
  'user-of-others',
  'public-api',
  'local-type',
  'own-record',
  'by-slug',
  'no-key',
  'excerpt',
  'nested-list',
  'inside-a-record',
  'validates',
  'of-another-record',
  'write',
  'personal',
  'holds-secrets',
  'made-from-records',
  'other-application',
  'dates-not-shown',
  'changes-not-shown',
  'include-for-all',
  'of-one-user',
  'outside-admin-area',
  'made-by-hand',
  'not-answered',
  'not-managed',
  'not-imported',
  'not-displayed',
  'published',
])

const TICKED = 5
const OFFERED = 3

/** The weights come from real code bases; see docs/application.md. */
const EVIDENCE: Readonly<Record<EvidenceName, { readonly weight: number; readonly text: string }>> = {
  'breaks-compile': { weight: 20, text: 'no longer compiles with the generated client' },
  'shows-dates': { weight: 3, text: 'shows when a record was created or changed' },
  'most-fields': { weight: 1, text: "has most of the model's fields" },
  'foreign-members': { weight: -2, text: 'has many members that the model does not have' },
  returned: { weight: 2, text: 'the whole record is returned' },
  shown: { weight: 2, text: 'the whole record is shown or sent' },
  'admin-path': { weight: 2, text: 'is for administrators' },
  'frontend-path': { weight: 1, text: "is in the frontend's types" },
  'mirror-by-name': { weight: 3, text: "has the model's name" },
  'mirror-by-similar-name': { weight: 1, text: 'has a name similar to that of the model' },
  'shows-creator': { weight: 4, text: 'shows who created a record' },
  'shared-select': { weight: 0, text: 'is a separate select, typed or exported' },
  'few-fields': { weight: -2, text: 'has few fields' },
  'no-name': { weight: -2, text: 'does not read a name of the record' },
  'inside-a-record': { weight: -2, text: 'is a part of another record' },
  write: { weight: -3, text: 'is the response to a write' },
  secrets: { weight: -5, text: 'reads passwords or tokens' },
  'login-path': { weight: -4, text: 'is part of the login' },
  'public-path': { weight: -3, text: 'is public' },
  'job-path': { weight: -4, text: 'is part of a job, an e-mail or another service' },
  'helper-name': { weight: -3, text: 'is in a function that checks or does something' },
  'sent-outside': { weight: -4, text: 'is sent to other systems' },
  'typed-otherwise': { weight: -2, text: 'is returned as a type that does not get the fields' },
  'user-of-others': { weight: 0, text: 'shows a user without an e-mail address, as others see them' },
  'own-record': { weight: 0, text: 'reads records of one user, such as the current user' },
  'of-another-record': { weight: 0, text: 'reads a user that another record references' },
  excerpt: { weight: 0, text: 'is a small part of a page: a short list, a search, a form' },
  'nested-list': { weight: 0, text: 'is a list inside another record' },
  validates: { weight: 0, text: 'validates values, which may be input' },
  'no-key': { weight: 0, text: "does not have the record's key" },
  'by-slug': { weight: 0, text: 'is found by its slug or a public key' },
  'public-api': { weight: 0, text: 'is an API resource that other clients rely on' },
  'local-type': { weight: 0, text: 'is a local type outside the admin area' },
  'raw-query': { weight: -5, text: 'describes rows of a raw query' },
  // A type without dates may be used for a whole record, whose new date would have to be a Date or a string.
  'no-dates': { weight: 0, text: 'does not show a date of the record' },
  // The user model in its own folder is what administrators look at, even without a date.
  'named-after-model': { weight: 0, text: 'is called like the model' },
  personal: { weight: 0, text: 'belongs to one user or records what happened, such as a message or a call' },
  'holds-secrets': { weight: 0, text: 'has passwords, tokens or keys' },
  'made-from-records': { weight: 0, text: 'has values that are made from a record' },
  'other-application': { weight: 0, text: 'is in another application than that for administrators' },
  'dates-not-shown': { weight: 0, text: 'is in a page that does not show its dates' },
  'shows-changes': { weight: 0, text: 'shows when a record was changed' },
  'shows-editors': { weight: 0, text: 'shows who created or changed a record' },
  'shows-people': { weight: 0, text: 'shows who did something to a record' },
  'changes-not-shown': { weight: 0, text: 'does not show when a record was changed' },
  'include-for-all': { weight: 0, text: 'is an include outside the admin area' },
  'made-by-hand': { weight: 0, text: 'is made member by member' },
  'shows-publication': { weight: 0, text: 'shows whether a record is public' },
  published: { weight: 0, text: 'has records that can be public, and is not for administrators' },
  'not-answered': { weight: 0, text: 'is read with a select that is not selected either' },
  'not-managed': { weight: 0, text: 'no list of these records checks a role' },
  'not-imported': { weight: 0, text: 'is not imported by any file' },
  'not-displayed': { weight: 0, text: 'no page shows when such a record was created or changed' },
  'of-one-user': { weight: 0, text: 'every list of these records is read for one user' },
  'outside-admin-area': { weight: 0, text: 'is outside the area for administrators' },
  'passed-to-a-function': { weight: 0, text: 'the record is passed to a function' },
  'input-type': { weight: -5, text: 'describes input' },
  'not-shown': { weight: -20, text: 'only parts of the record are used' },
  'test-path': { weight: -20, text: 'is a test, a script or an old migration' },
}
