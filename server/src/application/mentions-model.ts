import type { CodeModels } from './model'
import { recordNames, singularName } from './model-names'
import { stemsOf } from './sites/mirrors'

/**
 * Whether a text may contain anything to edit. One regular expression spares most files the parser. A select is edited
 * only if it names a field of an audited model; a mirror only if it has the model's name.
 */
export function modelMentions(models: CodeModels): (text: string) => boolean {
  const audited = [...models.values()].filter(({ members }) => members.length > 0)
  if (audited.length === 0) return () => false
  const names = audited.flatMap(({ model }) => recordNames(model)).join('|')
  const declared = new RegExp(String.raw`\b(?:interface|type|class)\s+\w*(?:${names})`)
  const words = audited.flatMap(({ model }) => stemsOf(singularName(model))).filter((word) => word.length > 2)
  const alike = new RegExp(String.raw`\b(?:interface|type)\s+\w*(?:${[...new Set(words)].join('|')})`, 'i')
  const validated = new RegExp(
    String.raw`(?:${names})\w*\s*(?::[^=\n]*)?=\s*\w+\s*\.\s*(?:object|strictObject|looseObject)\b`,
    'i',
  )
  const annotated = new RegExp(String.raw`(?::|<|,|satisfies|implements)\s*(?:\w+\.)?(?:${names})\b`)
  const made = new RegExp(String.raw`\)\s*:\s*(?:\w+<)?(?:${names})(?:\w*)\b`)
  const built = new RegExp(String.raw`\.\s*prisma(?:Object|Node|Interface)\s*\(\s*['"](?:${names})['"]`)
  return (text) =>
    (/\bselect\b|\b(?:created|added|uploaded|submitted)_?[bB]y\b|\bcreator\b/.test(text) && CLIENT.test(text)) ||
    SELECT_TYPE.test(text) ||
    MOCKED.test(text) ||
    declared.test(text) ||
    annotated.test(text) ||
    made.test(text) ||
    built.test(text) ||
    (DATED.test(text) && alike.test(text)) ||
    (VALIDATION.test(text) && validated.test(text))
}

/** A date of a record in a type, which has the key and most columns, too. */
const DATED = /\b(?:created|updated|modified)_?(?:at|on)?\??:\s*(?:string|Date)\b/i

const VALIDATION = /\.\s*(?:object|strictObject|looseObject|shape)\s*\(/

/** A call of Prisma Client, under any name of the client. */
const CLIENT = /\.\s*(?:find(?:Many|First|Unique)(?:OrThrow)?|create|update|upsert|delete)\w*\s*\(/

/** What a test makes Prisma Client return. */
const MOCKED = /\.mock(?:Resolved|Return)Value(?:Once)?\(/

/** `Prisma.UserSelect`, `Prisma.validator<…>()`, `Prisma.UserFindManyArgs`. */
const SELECT_TYPE = /\bPrisma\s*\.\s*(?:\w+(?:Select|Include|Args|Input)\b|validator)/
