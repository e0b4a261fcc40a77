import { hasRoleWord } from '../role-words'
import { known, ROLE, UNDECIDED, UNKNOWN, type Value } from './values'

/** What a name that no code of the workspace declares, or a member of an unknown object, means for an ordinary visitor. */
export function namedValue(name: string, isAboutRoles: boolean): Value {
  if (VISITORS_ROLE.test(name)) return ROLE
  if (VISITORS_ROLES.test(name)) return { kind: 'list', items: [ROLE] }
  if (FLAG.test(name)) return { kind: 'flag' }
  // Code that reads records is asked for them by `GET`.
  if (name === 'method') return known('GET')
  if (!isAboutRoles && OF_REQUEST.test(name)) return { kind: 'given' }
  if (isAboutRoles || hasRoleWord(name) || OTHERWISE_DECIDED.test(name)) return UNDECIDED
  return UNKNOWN
}

const VISITORS_ROLE = /^(?:user|my|current|member|account|session)?_?(?:role|userType|accountType)(?:Name)?$/i
const VISITORS_ROLES = /^(?:user|my|current)?_?roles$/i
const FLAG =
  /^is_?(?:super|site|system|platform|global)?_?(?:admin(?:istrator)?|staff|moderator|mod|superuser|superadmin)$/i

const OF_REQUEST = /^(?:cookies?|headers|query|body|params|searchParams|cookieStore|formData|signedCookies|rawHeaders)$/

/** Settings, addresses that a guard leaves out, and what decorators say: neither the visitor's choice nor their luck. */
const OTHERWISE_DECIDED =
  /^(?:env|config|configuration|settings?|features?|flags|options|reflector|path|pathname|url|originalUrl|baseUrl|nextUrl|route|routes|isPublic|skip\w{0,60}|bypass\w{0,60}|\w{0,60}[pP]ublic\w{0,60}|can[A-Z]\w{0,60}|scopes?|abilit(?:y|ies)|tier|plan|level|rank|group|groups)$/
