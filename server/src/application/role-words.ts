/** Whether code has words of a role or a permission; `availability` is none. */
export function hasRoleWord(code: string): boolean {
  return /role|admin|staff|moderator|permi|superuser/i.test(code) || /[pP]erms?\b|(?:\ba|A)bilit/.test(code)
}

/** `canManageUsers`, `can(user, 'users.read')`; `canView(user, order)` may let the owner of a record in. */
export const CAN = /\bcan(?:[A-Z]\w{0,60})?\((?:[^(),]{0,200}\)|[^()]{0,200}['"])|\bcan[A-Z]\w{0,60}(?![\w(])/

/** Roles of those who are no staff: `'CUSTOMER'`, `Role.USER`. */
export function isOneOfOthers(text: string): boolean {
  return OTHERS.test(text) || OR_OTHERS.test(text)
}

const OTHERS =
  /(?:['"]|roles?\.)(?:customer|client|member|guest|student|buyer|tenant|user|seller|vendor|patient|parent|driver|candidate|applicant|subscriber|visitor|participant|donor|passenger|rider|resident|host)(?!\w|\.\w)/i

/** `requireAdminOrSelf`, `isOwnerOrAdmin` */
const OR_OTHERS = /Or(?:Owner|Self|Own|User|Author|Member|Customer|Client)|(?:[oO]wner|[sS]elf)Or[A-Z]/

/** The names of functions that ask who somebody is, or what they may do. */
export const CHECK =
  /^(?:require|assert|ensure|enforce|authori[sz]e|restrict|check|has|is|allow|permit|verify|use|only|guard|must|protect|validate|can|with|auth|roles?|rbac|acl|admin|staff|permission)/i

/** Who asks, beside what they ask for. */
export const VISITOR = /session|auth|token|payload|decoded|claims|cookie|user_?id|user\??\.(?:id|email|sub)\b/i

/** What the request asks for, also in its cookies and headers; settings of the program. */
export const OF_REQUEST =
  /\bprocess\.env\b|\b(?:config|settings|flags|features)(?:\??\.\w+)+|\b\w*(?:[cC]ookies?|[hH]eaders?)\w*(?:\(\))?\)*[!?]?\.(?:get\(['"`][^'"`]*['"`]\)|\w+)|\b\w*(?:[cC]ookies?|[hH]eaders?)\[['"][^'"\]]*['"]\]|\b(?:params|query|searchParams|body|input|json\(\))(?:\??\.\w+)*(?:\(['"]\w*['"]\))?|\b\w+\.(?:safeParse|parse|validate)\w*\(/g

/** The records that are read by it. */
export const OF_RECORDS = /\b\w+\.\w+\.(?:find|count)\w*\(/g

/** CASL lets everyone on who may read some of them, such as their own. */
export const OF_ABILITY = /\b\w*[aA]bility\w*\.can(?:not)?\(\s{0,9}['"](?!manage)[^)]{0,200}\)/g

/** How functions are called that ask for a role when they are given as they are, as middleware. `checkRole` only makes one. */
export const GUARD_NAME =
  /^(?!.*(?:Roles?|Perms?|Permissions?|Exists|Selected|Query|Body|Params|Input|Limiter|Log)$)(?:require|assert|ensure|enforce|authori[sz]e|authenticate|restrict|check|verify|validate|is|has|can|allow|permit|only|guard|must|protect|auth|jwt)|(?:Only|Guard|Auth|Middleware|Required|Protected|Check)$|^(?:super_?)?(?:admin|staff)s?$/i
