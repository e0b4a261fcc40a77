/** The list of models that the module has. */
export type Models = Readonly<Record<string, { readonly relations: Readonly<Record<string, Relation>> }>>

interface Relation {
  readonly model: string
  readonly opposite?: string
  readonly list?: boolean
  readonly scalars?: readonly string[]
}

type Values = Record<string, unknown>
type Kind = 'create' | 'update'

export interface RandomWrite {
  /** `lead`. */
  readonly delegate: ModelName
  readonly operation: Kind
  readonly args: Values
}

type ModelName = (typeof TOP)[number]

const TOP = ['lead', 'company', 'tag', 'user', 'category', 'profile', 'log'] as const

/** Rows that stand. */
const STANDING: Readonly<Partial<Record<ModelName, Values>>> = {
  lead: { id: 1 },
  company: { id: 1 },
  tag: { name: 'plain' },
  user: { id: 18 },
  profile: { leadId: 1 },
}

/**
 * A write with others nested in it, three levels deep, in any of Prisma's forms, without a word of who does it. `below`
 * answers a whole number from 0 to below its argument. Most of them Prisma takes; keys that are taken it refuses.
 */
export function randomWrite(models: Models, below: (limit: number) => number): RandomWrite {
  let count = 0
  const unique = (): string => `${String(below(1e9))} ${String(++count)}`
  const pick = <Item>(items: readonly Item[]): Item => items[below(items.length)] ?? items[0]!
  const single = (held: Values): unknown => (below(2) === 0 ? held : [held])

  const scalars = (model: string, kind: Kind): Values => {
    if (model === 'Tag') return kind === 'create' ? { name: unique() } : { color: 'x' }
    if (model === 'User') return kind === 'create' ? { email: unique() } : { name: 'x' }
    if (model === 'Profile')
      return below(2) === 0 ? { data: pick([{ a: 1 }, { create: { name: 1 } }, [1]]) } : { name: 'x' }
    return model === 'Log' ? { text: 'x' } : model === 'Membership' ? { role: 'x' } : { name: 'x' }
  }

  const dataOf = (model: string, kind: Kind, parent: string | undefined, depth: number): Values => {
    const data: Values = kind === 'update' && below(6) === 0 ? {} : scalars(model, kind)
    const needsAll = kind === 'create' && (model === 'Membership' || model === 'Profile')
    const form = pick(needsAll ? ['keys', 'relations'] : ['keys', 'relations', 'neither'])
    for (const [name, relation] of Object.entries(models[model]?.relations ?? {})) {
      if (name === parent || isOfActor(model, name) || models[relation.model] === undefined) continue
      if (relation.scalars === undefined) {
        if (depth > 0 && below(3) > 0) data[name] = held(relation, kind, depth - 1)
      } else if (form !== 'neither' && (needsAll || below(2) === 0)) {
        if (form === 'relations') data[name] = holder(model, relation, kind, depth)
        else if (relation.model !== 'Category') data[relation.scalars[0] ?? ''] = standingKey(relation.model)
      }
    }
    return data
  }

  /** The row whose key is in this one. */
  const holder = (model: string, relation: Relation, kind: Kind, depth: number): Values => {
    const made = (): Values => dataOf(relation.model, 'create', relation.opposite, depth - 1)
    const forms: readonly (() => Values)[] = [
      () => ({ create: made() }),
      () => ({ connectOrCreate: { where: { id: -1 }, create: made() } }),
      ...(relation.model === 'Category' ? [] : [() => ({ connect: { id: standingKey(relation.model) } })]),
      ...(kind === 'update' && model !== 'Profile' && model !== 'Membership'
        ? [
            () => ({
              upsert: { create: made(), update: dataOf(relation.model, 'update', relation.opposite, depth - 1) },
            }),
          ]
        : []),
    ]
    return depth === 0 && relation.model !== 'Category'
      ? { connect: { id: standingKey(relation.model) } }
      : pick(forms)()
  }

  /** The rows that have the key of this one, or are of many to many. */
  const held = (relation: Relation, kind: Kind, depth: number): Values => {
    const { model, opposite, list } = relation
    const made = (): Values => dataOf(model, 'create', opposite, depth)
    const changed = (): Values => dataOf(model, 'update', opposite, depth)
    const where = WHERE_NONE[model] ?? { id: -1 }
    if (list !== true) {
      return pick<() => Values>([
        () => ({ create: made() }),
        () => ({ connectOrCreate: { where, create: made() } }),
        ...(kind === 'update' ? [() => ({ upsert: { create: made(), update: changed() } })] : []),
      ])()
    }
    const isManyToMany = models[model]?.relations[opposite ?? '']?.list === true
    const parts: Values = {}
    if (below(2) === 0) parts.create = pick([made, () => [made(), made()], () => [made(), made(), made()]])()
    if (below(2) === 0) parts.connectOrCreate = single({ where, create: made() })
    if (!isManyToMany && model !== 'Membership' && below(2) === 0) {
      parts.createMany = { data: single(scalars(model, 'create')) }
    }
    if (kind === 'update' && below(2) === 0) parts.updateMany = single({ where: {}, data: scalars(model, 'update') })
    if (kind === 'update' && below(2) === 0) parts.upsert = single({ where, create: made(), update: changed() })
    return parts
  }

  const delegate = pick(TOP)
  const model = delegate.charAt(0).toUpperCase() + delegate.slice(1)
  const standing = STANDING[delegate]
  return standing !== undefined && below(2) === 0
    ? { delegate, operation: 'update', args: { where: standing, data: dataOf(model, 'update', undefined, 3) } }
    : { delegate, operation: 'create', args: { data: dataOf(model, 'create', undefined, 3) } }
}

/** The relations of the fields that are filled, and their other sides. */
function isOfActor(model: string, name: string): boolean {
  return ['updatedBy', 'createdBy', 'owner'].includes(name) || (model === 'User' && name !== 'memberOf')
}

function standingKey(model: string): number {
  return model === 'User' ? 20 : 1
}

const WHERE_NONE: Readonly<Record<string, Values>> = {
  Tag: { name: 'none' },
  Profile: { leadId: -1 },
  Membership: { companyId_userId: { companyId: -1, userId: -1 } },
}
