import type { ActorClient } from './database'

/** One call of Prisma Client. */
export interface Write {
  readonly run: (db: ActorClient, label: string) => Promise<unknown>
  /** How many audited rows it writes at least. */
  readonly rows: number
}

let count = 0
const unique = (label: string): string => `${label}, ${String(++count)}`

/**
 * Each operation, and each way to hold a write in another one. All of them begin with nothing, so they may be repeated.
 */
export const WRITES: Readonly<Record<string, Write>> = {
  'create, with keys': {
    run: (db, name) => db.lead.create({ data: { name, companyId: null } }),
    rows: 1,
  },
  'create, with relations': {
    run: (db, name) => db.lead.create({ data: { name, company: { create: { name } } } }),
    rows: 1,
  },
  'createMany, of several and of one': {
    run: (db, name) => db.lead.createMany({ data: [{ name }, { name }] }),
    rows: 2,
  },
  'createMany of one, skipDuplicates': {
    run: (db, name) => db.tag.createMany({ data: { name: unique(name) }, skipDuplicates: true }),
    rows: 1,
  },
  createManyAndReturn: {
    run: (db, name) => db.lead.createManyAndReturn({ data: [{ name }], select: { id: true } }),
    rows: 1,
  },
  update: {
    run: (db, name) => db.user.update({ where: { id: 20 }, data: { name } }),
    rows: 1,
  },
  'update, with relations': {
    run: (db, name) => db.user.update({ where: { id: 20 }, data: { name: { set: name }, memberOf: { set: [] } } }),
    rows: 1,
  },
  updateMany: {
    run: (db, name) => db.user.updateMany({ where: { id: { in: [19, 20] } }, data: { name } }),
    rows: 2,
  },
  updateManyAndReturn: {
    run: (db, name) => db.user.updateManyAndReturn({ where: { id: { in: [19, 20] } }, data: { name } }),
    rows: 2,
  },
  'upsert of a new row': {
    run: (db, name) => db.tag.upsert({ where: { name: unique(name) }, create: { name: unique(name) }, update: {} }),
    rows: 1,
  },
  'upsert of one that stands': {
    run: (db, name) => db.user.upsert({ where: { id: 20 }, create: { email: name }, update: { name } }),
    rows: 1,
  },
  'create within create, deep': {
    run: (db, name) =>
      db.company.create({
        data: {
          name,
          leads: {
            create: [
              { name, tags: { create: [{ name: unique(name) }, { name: unique(name) }] } },
              {
                name,
                profile: { create: { data: { create: { name: 'not a write' } } } },
                logs: { create: { text: 'x' } },
              },
            ],
          },
        },
      }),
    rows: 5,
  },
  'create within a model without fields': {
    run: (db, name) => db.log.create({ data: { text: name, lead: { create: { name } } } }),
    rows: 1,
  },
  'create of a list, whose rows must have one form': {
    run: (db, name) =>
      db.tag.create({
        data: {
          name: unique(name),
          leads: { create: [{ name }, { name, company: { create: { name } } }, { name, profile: { create: {} } }] },
        },
      }),
    rows: 5,
  },
  'createMany within create': {
    run: (db, name) => db.company.create({ data: { name, leads: { createMany: { data: [{ name }, { name }] } } } }),
    rows: 2,
  },
  'createMany of a compound key': {
    run: (db, name) =>
      db.company.create({ data: { name, members: { createMany: { data: { userId: 20, role: name } } } } }),
    rows: 1,
  },
  'create of a compound key, by relation': {
    run: (db, name) =>
      db.company.create({ data: { name, members: { create: { user: { connect: { id: 20 } }, role: name } } } }),
    rows: 1,
  },
  'a self relation, three levels, up and down': {
    run: (db, name) =>
      db.category.create({
        data: { name, parent: { create: { name } }, children: { create: { name, children: { create: [{ name }] } } } },
      }),
    rows: 4,
  },
  'connectOrCreate, of one and of several': {
    run: (db, name) =>
      db.lead.create({
        data: {
          name,
          tags: { connectOrCreate: [{ where: { name: unique(name) }, create: { name: unique(name) } }] },
          company: { connectOrCreate: { where: { id: -1 }, create: { name } } },
        },
      }),
    rows: 2,
  },
  'connectOrCreate of a list': {
    run: (db, name) =>
      db.company.create({ data: { name, leads: { connectOrCreate: { where: { id: -1 }, create: { name } } } } }),
    rows: 1,
  },
  'update within update, of a list and of one': {
    run: (db, name) =>
      db.user.update({
        where: { id: 18 },
        data: {
          name,
          leads: {
            update: [{ where: { id: 1 }, data: { name, profile: { update: { where: {}, data: { name } } } } }],
          },
        },
      }),
    rows: 3,
  },
  'update of one, without data': {
    run: (db, name) =>
      db.lead.update({ where: { id: 1 }, data: { name, profile: { update: { name, data: { x: 1 } } } } }),
    rows: 2,
  },
  'update of one, whose field is called data': {
    run: (db, name) => db.lead.update({ where: { id: 1 }, data: { name, profile: { update: { data: { x: 1 } } } } }),
    rows: 2,
  },
  'update of one, with data that has data': {
    run: (db, name) =>
      db.lead.update({ where: { id: 1 }, data: { name, profile: { update: { data: { data: { name: 1 } } } } } }),
    rows: 2,
  },
  'updateMany within update': {
    run: (db, name) =>
      db.user.update({
        where: { id: 18 },
        data: {
          name,
          leads: {
            updateMany: [
              { where: { id: 1 }, data: { name } },
              { where: {}, data: { name } },
            ],
          },
        },
      }),
    rows: 3,
  },
  'upsert within update, of a list, both ways': {
    run: (db, name) =>
      db.user.update({
        where: { id: 18 },
        data: {
          name,
          leads: {
            upsert: [
              { where: { id: 1 }, create: { name }, update: { name } },
              { where: { id: -1 }, create: { name, company: { create: { name } } }, update: {} },
            ],
          },
        },
      }),
    rows: 3,
  },
  'upsert of one': {
    run: (db, name) =>
      db.lead.update({
        where: { id: 1 },
        data: {
          name,
          profile: { upsert: { create: { name }, update: { name } } },
          company: {
            upsert: {
              create: { name, members: { create: { userId: 20 } } },
              update: { name, members: { deleteMany: {}, create: { userId: 20 } } },
            },
          },
        },
      }),
    rows: 3,
  },
  'many to many, in update': {
    run: (db, name) =>
      db.tag.update({
        where: { name: 'plain' },
        data: { color: name, leads: { update: { where: { id: 1 }, data: { name } }, create: [{ name }] } },
      }),
    rows: 3,
  },
  'set, connect and disconnect beside a write': {
    run: (db, name) =>
      db.lead.update({
        where: { id: 1 },
        data: { name, tags: { set: [{ name: 'plain' }], disconnect: [] }, ownerId: 18 },
      }),
    rows: 1,
  },
  'delete beside a write': {
    run: (db, name) =>
      db.company.update({
        where: { id: 1 },
        data: { name, members: { deleteMany: {}, create: { userId: 20 } }, leads: { delete: [], create: { name } } },
      }),
    rows: 2,
  },
}
