import type { EvidenceName } from './model'

/**
 * What the path of a file and the names around a place say about who sees what the code reads. Words of the model's own
 * name say nothing: an application shows its webhooks in a folder named `webhooks`. `path` is relative.
 */
export function placeEvidence(path: string, name: string | null, model: string): EvidenceName[] {
  const modelWords = wordsOf(model)
  const ofModel = new Set(modelWords.flatMap((word) => [word, `${word}s`, word.replace(/s$/, '')]))
  const inPath = wordsOf(path.replace(SHARED_CODE, '$1')).filter((word) => !ofModel.has(word))
  const inName = wordsOf(name ?? '').filter((word) => !ofModel.has(word))
  const has = (pattern: RegExp) => [...inPath, ...inName].some((word) => pattern.test(word))
  const found: EvidenceName[] = []
  if (isTestPath(path)) found.push('test-path')
  if (isPersonal(modelWords)) found.push('personal')
  if (inPath.some((word) => ADMINISTRATOR.test(word) || STAFF.test(word)) || FOR_ADMINISTRATORS.test(name ?? ''))
    found.push('admin-path')
  // An administrator's profile is their own.
  if ((found.includes('admin-path') && has(OWN)) || OWN_AREA.test(path)) found.push('own-record')
  if (has(LOGIN)) found.push('login-path')
  if (has(PUBLIC) || /\bapi\/(?:.*\/)?client\//.test(path)) found.push('public-path')
  if (has(JOB) || SEARCH_INDEX.test(`${path} ${name ?? ''}`)) found.push('job-path')
  if (has(OUTSIDE)) found.push('sent-outside')
  const ofFile = wordsOf(FILE.exec(path)?.[1] ?? '')
  const inFile = ofFile.filter((word) => !ofModel.has(word))
  // Requests wait for an answer, also where the model itself is one.
  const areRequests = [...ofFile, ...wordsOf(name ?? '')].includes('requests')
  if (areRequests || [...inName, ...inFile].some((word) => UNHANDLED.test(word))) found.push('unhandled')
  if ([...inFile, ...inName].some((word) => EXCERPT.test(word)) || inFile.some((word) => FORM.test(word)))
    found.push('excerpt')
  // `handleListUsers` lists users.
  const first = inName.find((word) => word !== 'handle' && word !== 'handler')
  if (first !== undefined && ACTS.test(first)) found.push('helper-name')
  return found
}

/**
 * Rows that belong to one user, or that one user sends to others: no one asks who changed them. `UserAddress`,
 * `CartItem`, `ChatMessage`.
 */
function isPersonal(words: readonly string[]): boolean {
  if (words.length === 1 && MESSAGE.test(words[0] ?? '')) return true
  if (words.length > 1 && TRANSACTION.test(words.at(-1) ?? '')) return true
  return (words[0] === 'user' && words.length > 1) || words.some((word) => PERSONAL.test(word) || HAPPENED.test(word))
}

/** Events are written once: no one changes a call, a run or a published version. */
const HAPPENED =
  /^(?:(?:call|execution|run|log|attempt|transcript|permission|version|revision|snapshot)s?|history|histories)$/

/** Of something: a `WalletTransaction` is booked once. */
const TRANSACTION = /^transactions?$/

/** As a model of its own: an `EmailTemplate` is no message. */
const MESSAGE = /^(?:e?mail|sms)s?$/

const PERSONAL =
  /^(?:(?:cart|wish_?list|favou?rite|bookmark|like|follow|follower|reaction|session|device|notification|message|chat|conversation|comment|vote|friend|friendship|wallet|inbox|preference)s?|reply|replies)$/

/** Whether a file is in a folder of administrators, or named for them. */
export function isNamedForAdministrators(path: string): boolean {
  return wordsOf(path).some((word) => ADMINISTRATOR.test(word))
}

/** Code that shows nothing to anyone: only code that would no longer compile is searched for there. */
export function isTestPath(path: string): boolean {
  return (
    /(^|\/)(__tests__|__mocks__|__fixtures__|tests?|e2e|specs?|cypress|playwright|mocks?|fixtures?|stories|scripts?|temp|seeds?|seeders?|migrations?|data-migrations?|benchmarks?|bin|tools|factories|_?archived?|_?deprecated)\//i.test(
      path,
    ) ||
    /(^|[./_-])(test|tests|spec|e2e|stories|story|mock|mocks|fixture|fixtures|seed|seeds|seeder|factory|bench|e2e-spec|script|migrate|migration)\.[cm]?[jt]sx?$/i.test(
      path,
    ) ||
    /(^|\/)(?:migrate|backfill|seed)-[^/]*$/i.test(path)
  )
}

/**
 * `users.serializers.ts`, `./user-mapper`, `@/lib/leadPresenter`: what turns records into something else, member by
 * member.
 */
export function isSerializer(path: string): boolean {
  return /(?:serializer|mapper|transformer|presenter)s?(?:\.[cm]?[jt]sx?)?$/i.test(path)
}

/** The user in a store or a context of the frontend is the logged-in user. */
export const OF_LOGGED_IN =
  /(?:stores?|contexts?|providers?|slices?|zustand|redux)(?:[/.]|$)[^/]*|use-?(?:auth|session|user)\b[^/]*$/i

/** `user-dashboard`, `my-orders`: what one user sees of their own. */
const OWN_AREA =
  /(?:^|\/)(?:(?:user|customer|client|member|student|tenant|patient|parent|seller|vendor)-?(?:dashboard|portal|area|app)|my-\w+)\//i
const OWN = /^(?:profile|profiles|me|myself|account)$/
const ADMINISTRATOR = /^(?:admin|admins|administration|backoffice|superadmin)$/
const STAFF = /^(?:moderator|moderators|moderation|staff)$/
/** `listUsersForAdmin`, `adminListUsers`; `getAdmins` may be for anyone. */
const FOR_ADMINISTRATORS = /^admin(?=[A-Z])|For(?:Admin|Mod|Moderator|Staff)s?(?![a-z])/
const LOGIN =
  /^(auth|authentication|authenticate|login|signin|signup|logout|session|sessions|oauth|oauth2|sso|saml|scim|passkey|passkeys|password|passwords|credentials|token|tokens|jwt|verification|verify|nextauth|middleware|guard|guards|permission|permissions|rbac|authorization|authorize)$/
const PUBLIC =
  /^(public|portal|storefront|share|shared|sharing|embed|embeds|og|sitemap|rss|feed|username|unauthenticated|anonymous|profile|profiles|sdk|view|visitor|landing|marketing|website|signing|sign|recipient|guest|booking|widget|mobile|h5)$/
/** `packages/shared` is shared by the programs of one repository, and with no one else. */
const SHARED_CODE = /(^|(?:^|\/)(?:packages|libs|modules|src|client|server|frontend|backend|web|api)\/)shared\//i
const JOB =
  /^(cron|crons|crontab|job|jobs|worker|workers|queue|queues|trigger|inngest|qstash|background|email|emails|mail|mailer|analytics|telemetry|tracking|billing|payment|payments|checkout|sync|integration|integrations|notification|notifications|backup|cleanup|scheduler|consumer|consumers|processor|processors|ingestion|export|exports|exporter|markdown|pdf|csv|import|imports|importer|etl|ai|llm|prompt|prompts|mcp|lambda)$/
const EXCERPT =
  /^(?:mailing|dashboard|stats|statistics|overview|summary|recent|latest|newest|top|search|widget|widgets|form|dialog|modal|picker|debug|test|lookup|autocomplete|typeahead|suggestions?|options|insights?|metrics|charts?|activity|presence|online|usage|reports?|daily|weekly|monthly|history|timeline|breach|breaches|overdue|expired|expiring|alerts?|upcoming|nearby|leaderboard|ranking|calendar|qr)$/
/** `listPendingApprovals`: nobody has handled them yet. */
const UNHANDLED = /^(?:pending|unverified|unapproved|waiting|approvals|registrations)$/
/** Pages and endpoints that make a record: others are only chosen there. */
const FORM = /^(?:new|create|add)$/
/** The folder of a file that routers or modules name by its folder. */
const FILE = /([^/]*?)(?:\/(?:page|route|index|\+page|\+server)(?:\.\w+)+|)$/
const OUTSIDE = /^(webhook|webhooks|zapier|hubspot|slack|discord|stripe|posthog)$/
const SEARCH_INDEX = /search[-_./]?ind(?:ex|ices)|meilisearch|algolia|typesense|elasticsearch/i

const ACTS =
  /^(verify|check|checks|validate|ensure|assert|require|is|has|can|should|authenticate|authorize|authorise|login|count|exists|resolve|sync|process|send|notify|delete|remove|archive|duplicate|copy|clone|export|import|create|update|upsert|add|set|save|insert|register|invite|accept|reject|approve|cancel|complete|seal|publish|unpublish|enable|disable|migrate|backfill|cleanup|purge|revoke|rotate|transfer|move|merge|calculate|compute|generate|build|render|track|record|log|emit|trigger|enqueue|schedule|run|execute|apply|assign|unassign|link|unlink|connect|disconnect|reset|restore|refresh|submit|lookup|map|convert|transform)$/

/** The words of `getUserById`, `user-by-id` or `(public)/user`, in lower case. */
export function wordsOf(text: string): string[] {
  return text
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
}
