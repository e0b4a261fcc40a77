import { parse } from '@babel/parser'

/**
 * The texts that a file hands to `t` or tags with `phrase`, what is wrong with them (no literal, or placeholders that
 * do not fit), and the raw ones: literals that VS Code would show without `t`. Problems and raw texts begin with their
 * line.
 */
export function textsOf(source: string): SourceTexts {
  const texts: string[] = []
  const problems: string[] = []
  const raw: string[] = []
  const { program }: { readonly program: object } = parse(source, { sourceType: 'module', plugins: ['typescript'] })
  visit(program as Node, (node) => {
    const line = node.loc?.start.line ?? 0
    const problem = (words: string) => problems.push(`${line}: ${words}`)
    if (isTranslation(node)) {
      const [message, ...values] = node.arguments as Node[]
      const keys = literalsOf(message)
      if (keys === null) problem('t(…) of no literal text')
      for (const words of values.flatMap(sentencesIn)) problem(`stays English within a text: ${words}`)
      for (const key of keys ?? []) {
        texts.push(key)
        const wanted = new Set([...key.matchAll(/\{(\d+)\}/g)].map(([, at]) => Number(at)))
        const isFilled = values.every((_, at) => wanted.has(at)) && wanted.size === values.length
        if (!isFilled && values.length > 0) problem(`placeholders and arguments: ${key}`)
      }
    }
    if (node.type === 'TaggedTemplateExpression' && nameOf(node.tag) === 'phrase') {
      const key = keyOf(node.quasi as Node)
      // What has no words is the same in each language.
      if (/\p{L}/u.test(key)) texts.push(key)
      for (const value of (node.quasi as Node).expressions as Node[])
        for (const words of sentencesIn(value)) problem(`stays English within a phrase: ${words}`)
    }
    for (const shown of shownBy(node)) for (const text of rawTextsOf(shown)) raw.push(`${line}: not through t: ${text}`)
    if (node.type === 'TemplateLiteral')
      for (const text of htmlTextsOf(node)) raw.push(`${line}: not through t: ${text}`)
  })
  return { texts, problems, raw }
}

interface SourceTexts {
  readonly texts: readonly string[]
  readonly problems: readonly string[]
  readonly raw: readonly string[]
}

interface Node {
  readonly type: string
  readonly loc?: { readonly start: { readonly line: number } } | null
  readonly [key: string]: unknown
}

function visit(node: Node, look: (node: Node) => void): void {
  look(node)
  for (const child of Object.values(node).flat()) if (isNode(child)) visit(child, look)
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

/**
 * `t(…)`, `vscode.l10n.t(…)`, `context.t(…)`; the language of a final message, or English where nothing else is wanted;
 * and what becomes a phrase later.
 */
function isTranslation(node: Node): boolean {
  return ['t', 'tellsIn', 'inEnglish', 'phraseText'].includes(calledName(node) ?? '')
}

function calledName(node: Node): string | undefined {
  return node.type === 'CallExpression' ? nameOf(node.callee) : undefined
}

/** Of an identifier, or of the last one in `a.b.c`. */
function nameOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined
  if (node.type === 'Identifier') return String(node.name)
  return node.type === 'MemberExpression' && node.computed !== true ? nameOf(node.property) : undefined
}

/** Null where it is not known from the source alone. Some texts have one home each, which the test knows. */
function literalsOf(node: Node | undefined): readonly string[] | null {
  if (node?.type === 'StringLiteral') return [String(node.value)]
  if (node?.type === 'MemberExpression' && (nameOf(node.object) === 'COMMAND_TITLES' || nameOf(node) === 'meaning'))
    return []
  if (node?.type !== 'ConditionalExpression') return null
  const [left, right] = [literalsOf(node.consequent as Node), literalsOf(node.alternate as Node)]
  return left === null || right === null ? null : [...left, ...right]
}

/** What a node shows to the user: arguments of messages and errors, and properties that are texts. */
function shownBy(node: Node): readonly Node[] {
  const called = calledName(node) ?? (node.type === 'NewExpression' ? nameOf(node.callee) : undefined)
  if (called !== undefined && SHOWING.test(called)) return (node.arguments as Node[]).filter(isNode)
  if (node.type === 'ObjectProperty' && SHOWN.has(nameOf(node.key) ?? '')) return [node.value as Node]
  if (node.type === 'AssignmentExpression' && (node.left as Node).type === 'MemberExpression')
    return SHOWN.has(nameOf(node.left) ?? '') ? [node.right as Node] : []
  return []
}

const SHOWING = /^(?:show(?:Information|Warning|Error)Message|setStatusBarMessage|Error|MarkdownString)$/
const SHOWN = new Set([
  'title',
  'label',
  'description',
  'detail',
  'tooltip',
  'message',
  'prompt',
  'placeHolder',
  'placeholder',
  'openLabel',
  'saveLabel',
])

/** Literal words in an expression, but for those that `t` translates. */
function rawTextsOf(node: Node): readonly string[] {
  if (isTranslation(node)) return []
  if (node.type === 'StringLiteral') return wordsOf(String(node.value))
  if (node.type === 'TemplateLiteral') return wordsOf(quasisOf(node).join(' '))
  const inner = [
    node.left,
    node.right,
    node.consequent,
    node.alternate,
    ...(calledName(node) === 'messageText' ? (node.arguments as Node[]) : []),
  ]
  return inner.filter(isNode).flatMap(rawTextsOf)
}

/** Those of several words: a single one is a name or SQL. */
function sentencesIn(node: Node): readonly string[] {
  return rawTextsOf(node).filter((text) => /\p{Ll} \p{Ll}/u.test(text))
}

/** The product's name stays what it is, and so does an example of a URL. */
function wordsOf(text: string): readonly string[] {
  return /\p{L}{2}/u.test(text.replace(/Prisma Audit|^postgresql:\S*$/g, '')) ? [text] : []
}

/** Words between tags, and in the attributes that are read out. */
function htmlTextsOf(node: Node): readonly string[] {
  const html = quasisOf(node).join('\0')
  if (!/<\/?[a-z]/i.test(html)) return []
  const attributes = [...html.matchAll(/\b(?:title|placeholder|aria-label|alt)="([^"]*)"/g)].map(([, text]) => text!)
  const between = html
    .replace(/<(style|script)\b.*?<\/\1>/gs, '')
    .replace(/^[^<]*>|<[^>]*$/g, '')
    .split(/<[^>]*>/)
  return [...attributes, ...between].flatMap((text) => wordsOf(text.replaceAll('\0', ' ').trim()))
}

/** The key of a tagged template: `{0}` for what is put in. */
function keyOf(template: Node): string {
  return quasisOf(template).reduce((text, part, at) => (at === 0 ? part : `${text}{${at - 1}}${part}`))
}

function quasisOf(node: Node): readonly string[] {
  return (node.quasis as { readonly value: { readonly cooked: string } }[]).map(({ value }) => value.cooked)
}
