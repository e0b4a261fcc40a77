import type { Finding, FindingCode } from '../audit/finding'
import { findField, modelsOf, type FoundModel } from '../schema/lookup'
import { rangeInFile, type Range, type SchemaModel } from '../schema/model'
import { oppositeOf } from '../schema/edits/relations'
import type { Translate } from '../text/translate'

/** Another location that helps to understand a finding. */
export interface RelatedPlace {
  readonly message: string
  readonly file: string
  readonly range: Range
}

/** Finds the related locations of schema findings: the other side of a relation, the object in the database. */
export function relatedPlacesFinder(t: Translate, schema: SchemaModel): (finding: Finding) => RelatedPlace[] {
  let models: ReadonlyMap<string, FoundModel> | null = null
  const findModel = (name: string) => {
    models ??= new Map(modelsOf(schema).map((found) => [found.model.name.text, found]))
    return models.get(name)
  }
  return (finding) => [...otherSide(t, finding, findModel), ...inDatabase(t, finding)]
}

function otherSide(
  t: Translate,
  { code, model, field }: Finding,
  findModel: (name: string) => FoundModel | undefined,
): RelatedPlace[] {
  if (!OF_RELATIONS.has(code) || model === null || field === null) return []
  const found = findModel(model)?.model
  const relation = found === undefined ? null : findField(found, field)
  const target = relation === null ? undefined : findModel(relation.type.name)
  if (found === undefined || relation === null || target === undefined) return []
  const opposite = oppositeOf(found, relation, target.model)
  const name = target.model.name.text
  return [
    {
      message:
        opposite === null
          ? t('The model {0}', name)
          : t('The other side of the relation: {0}', `${name}.${opposite.name.text}`),
      file: target.file.path,
      range: rangeInFile(target.placed, (opposite ?? target.model).name.range),
    },
  ]
}

/** An object in the database has no location in a file, so it is shown at the finding's. */
function inDatabase(t: Translate, { code, object, actual, file, range }: Finding): RelatedPlace[] {
  if (!OF_OBJECTS.has(code) || object === null || actual === null) return []
  return [{ message: t('In the database: "{0}" {1}', object, actual), file, range }]
}

const OF_RELATIONS: ReadonlySet<FindingCode> = new Set([
  'foreign-key-missing',
  'foreign-key-definition',
  'index-name',
  'constraint-not-validated',
])

/** Findings whose message names the object without its definition. */
const OF_OBJECTS: ReadonlySet<FindingCode> = new Set(['index-unmapped', 'foreign-key-unmapped', 'trigger-unmapped'])
