import type { EvidenceName } from './model'

/** `left-out` is not offered at all: a reviewer would decline it each time. */
export type Rank = 'ticked' | 'unticked' | 'left-out'

/**
 * Whether a person wants the edit. The weights only decide whether it is offered at all; it comes selected if nothing
 * speaks against it: each doubt is enough for a person to have to look.
 */
export function rank(evidence: readonly EvidenceName[]): Rank {
  if (scoreOf(evidence) < OFFERED) return 'left-out'
  return evidence.some((name) => EVIDENCE[name].isDoubt) ? 'unticked' : 'ticked'
}

/** A select of what the application returns when such records are requested: no lookup, no part of something else. */
export function isWholeAnswer(evidence: readonly EvidenceName[]): boolean {
  const isPart = evidence.some((name) => name === 'inside-a-record' || name === 'nested-list' || name === 'excerpt')
  return evidence.includes('shows-dates') && !isPart && rank(evidence) !== 'left-out'
}

export function scoreOf(evidence: readonly EvidenceName[]): number {
  // Without a set: all places of an application are weighed at each keystroke.
  return evidence.reduce((all, name, at) => (evidence.indexOf(name) === at ? all + EVIDENCE[name].weight : all), 0)
}

/** In words, the doubts first, then what speaks for the place, strongest first. */
export function describeEvidence(evidence: Iterable<EvidenceName>): string[] {
  return [...new Set(evidence)]
    .map((name) => EVIDENCE[name])
    .filter(({ weight, isDoubt }) => weight !== 0 || isDoubt)
    .sort((a, b) => Number(b.isDoubt) - Number(a.isDoubt) || Math.abs(b.weight) - Math.abs(a.weight))
    .map(({ text }) => text)
}

const OFFERED = 3

interface Evidence {
  readonly weight: number
  readonly isDoubt: boolean
  readonly text: string
}

const speaksFor = (weight: number, text: string): Evidence => ({ weight, isDoubt: false, text })
const doubt = (weight: number, text: string): Evidence => ({ weight, isDoubt: true, text })

/** The weights come from real code bases; see docs/application.md. */
const EVIDENCE: Readonly<Record<EvidenceName, Evidence>> = {
  'breaks-compile': speaksFor(20, 'no longer compiles with the generated client'),
  'shows-dates': speaksFor(3, 'shows when a record was created or changed'),
  'most-fields': speaksFor(1, "has most of the model's fields"),
  returned: speaksFor(2, 'the whole record is returned'),
  shown: speaksFor(2, 'the whole record is shown or sent'),
  'admin-path': speaksFor(2, 'is for administrators'),
  'used-by-administrators': speaksFor(0, 'is returned to administrators only'),
  'frontend-path': speaksFor(1, "is in the frontend's types"),
  'mirror-by-name': speaksFor(3, "has the model's name"),
  'mirror-by-similar-name': speaksFor(1, 'has a name similar to that of the model'),
  'shows-creator': speaksFor(4, 'shows who created a record'),
  'fed-by-select': speaksFor(3, 'the page that reads a selected select has it'),

  'mirror-by-members': doubt(-3, "has the model's fields under another name"),
  'mirror-by-columns': doubt(-1, "has the model's fields under another name"),
  // A type without dates may be used for a whole record, whose new date would have to be a Date or a string.
  'no-dates': doubt(0, 'does not show a date of the record'),
  'for-anyone': doubt(0, 'nothing says that it is for administrators'),
  'no-role-asked': doubt(0, 'nothing asks for a role where it is requested, so anyone who is logged in may get it'),
  'not-fed': doubt(0, 'no page that reads a selected select has it'),
  'not-read': doubt(0, 'no page that reads it was found'),
  'not-displayed': doubt(0, 'the page that reads it does not show when such a record was created or changed'),
  'never-changed': doubt(0, 'no code changes such records after they are created'),
  'shared-select': doubt(0, 'is a separate select, typed or exported'),
  'passed-to-a-function': doubt(0, 'the record is passed to a function'),
  'own-markup': doubt(-4, 'is shown field by field in the same file'),
  // Every field of the select is one that the object has to have.
  'shares-its-type-with-others': doubt(-20, 'makes a type that other rows have, too, which do not get the fields'),
  replaced: doubt(-20, 'is replaced by an object that lists its fields'),
  'own-record': doubt(0, 'reads records of one user, such as the current user'),
  'of-another-record': doubt(0, 'reads a user that another record references'),
  'read-again': doubt(0, 'is read again after a write, for the response'),
  excerpt: doubt(0, 'is a small part of a page: a short list, a search, a form'),
  unhandled: doubt(0, 'lists what still awaits a decision, such as new applications'),
  'shows-handler': doubt(0, 'shows who handled a record, and when'),
  'shares-its-type': doubt(0, 'makes a type that the rows of another select have, too'),
  'nested-list': doubt(0, 'is a list inside another record'),
  validates: doubt(0, 'validates values: input, or records made member by member'),
  'no-key': doubt(0, "does not have the record's key"),
  personal: doubt(0, 'belongs to one user or records what happened, such as a message or a call'),
  'holds-secrets': doubt(0, 'has passwords, tokens or keys'),
  'made-from-records': doubt(0, 'has values that are made from a record'),
  'is-written': doubt(0, 'may be written to the database: its null takes precedence over the user who changes it'),
  'is-mocked': doubt(0, 'is the answer of a mock, which may accept anything'),
  'made-by-hand': doubt(0, 'is made member by member'),
  'foreign-members': doubt(-2, 'has many members that the model does not have'),
  'few-fields': doubt(-2, 'has few fields'),
  'no-name': doubt(-2, 'does not read a name of the record'),
  'inside-a-record': doubt(-2, 'is a part of another record'),
  'typed-otherwise': doubt(-2, 'is returned as a type that does not get the fields'),
  write: doubt(-3, 'is the response to a write'),
  'public-path': doubt(-3, 'is public'),
  'helper-name': doubt(-3, 'is in a function that checks or does something'),
  'login-path': doubt(-4, 'is part of the login'),
  'job-path': doubt(-4, 'is part of a job, an e-mail or another service'),
  'sent-outside': doubt(-4, 'is sent to other systems'),
  secrets: doubt(-5, 'reads passwords or tokens'),
  'raw-query': doubt(-5, 'describes rows of a raw query'),
  'input-type': doubt(-5, 'describes input'),
  'not-shown': doubt(-20, 'only parts of the record are used'),
  'test-path': doubt(-20, 'is a test, a script or an old migration'),
}
