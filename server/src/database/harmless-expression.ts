/**
 * Whether PostgreSQL can safely be asked about this expression, with `pg_catalog` as the search path: it is certainly
 * one expression, and refers to nothing of a user. The text comes from a schema file or from the catalog, and is
 * inserted into a statement unchanged. So anything that is not clearly harmless is rejected: statement ends, comments,
 * dollar quotes, unbalanced parentheses, subqueries, and every qualified name except those of `pg_catalog`. Outside
 * strings and quoted names only ASCII is accepted, because PostgreSQL treats every other character as a letter.
 */
export function isHarmlessExpression(text: string): boolean {
  if (text.length > LONGEST || text.trim() === '') return false
  const open: string[] = []
  const token = new RegExp(TOKEN, 'y')
  let before = ''
  while (token.lastIndex < text.length) {
    const [whole] = token.exec(text) ?? ['']
    if (whole === '') return false
    if (/^[ \t\n\r\f]/.test(whole)) continue
    if (/--|\/\*/.test(whole) && !isQuoted(whole)) return false
    // After an E string, PostgreSQL continues to interpret backslashes in a string on the next line.
    if (isString(whole) && isString(before)) return false
    if (SUBQUERIES.test(whole)) return false
    if (whole === '.' && !/^pg_catalog$/i.test(before) && before !== '"pg_catalog"') return false
    if (whole === '(' || whole === '[') open.push(whole)
    if (whole === ')' && open.pop() !== '(') return false
    if (whole === ']' && open.pop() !== '[') return false
    before = whole
  }
  return open.length === 0
}

/** In characters. */
const LONGEST = 2000

function isString(token: string): boolean {
  return token.endsWith("'")
}

function isQuoted(token: string): boolean {
  return isString(token) || token.endsWith('"')
}

/**
 * WITH is not among them: it occurs in types of times, and a query that starts with it contains one of these words too.
 */
const SUBQUERIES = /^(?:select|values|table|insert|update|delete|merge|execute)$/i

/** No `;`, no `$`, no `U&''`; backslashes are escapes only in a string that starts with E. */
const TOKEN = [
  String.raw`[ \t\n\r\f]+`,
  String.raw`[eE]'(?:[^'\\]|''|\\[^])*'`,
  String.raw`[bBxXnN]?'(?:[^']|'')*'`,
  String.raw`"(?:[^"]|"")+"`,
  String.raw`[A-Za-z_][A-Za-z0-9_]*(?![A-Za-z0-9_$'"&\x80-\uffff])`,
  String.raw`\d+(?:\.\d*)?(?:[eE][-+]?\d+)?(?![A-Za-z0-9_.$\x80-\uffff])`,
  String.raw`::|[(),.[\]]`,
  String.raw`[-+*\/<>=~!@#%^&|?]+`,
].join('|')
