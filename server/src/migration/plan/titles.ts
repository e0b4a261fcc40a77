import { titleOfTable } from '../../audit/values/titles'

export { titleOfColumn, titleOfColumns, titleOfName, titleOfRelation, titleOfTable } from '../../audit/values/titles'

/**
 * Converts `"public"."Lead"`, as in locks and warnings, to the form of `titleOfTable`; any other text is returned
 * unchanged.
 */
export function titleOfQuoted(name: string): string {
  const parts = /^"([^"]*(?:""[^"]*)*)"\."([^"]*(?:""[^"]*)*)"$/.exec(name)
  if (parts === null) return name
  const [schema = '', table = ''] = parts.slice(1).map((part) => part.replaceAll('""', '"'))
  return titleOfTable({ schema, table })
}
