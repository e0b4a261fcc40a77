import assert from 'node:assert/strict'
import { answer, check } from './support'

const SDL = `type User {
  id: ID!
  email: String!
  name: String # as it is shown
  createdAt: DateTime!
}

"A lead."
type Lead { id: ID!, name: String!, email: String!, createdAt: DateTime! }
`
const EDITED = `type User {
  id: ID!
  email: String!
  name: String # as it is shown
  createdAt: DateTime!
  updatedAt: DateTime
  updatedById: ID
}

"A lead."
type Lead { id: ID!, name: String!, email: String!, createdAt: DateTime! ownerId: ID }
`

describe('application: GraphQL', () => {
  it('adds fields that every record has to the types of a schema file', () => {
    check(SDL, EDITED, { path: 'src/schema.graphql' })
  })

  it('and to those of templates', () => {
    const inCode = (sdl: string) =>
      `import { posts } from './posts'\nexport const typeDefs = gql\`\n  \${posts}\n${sdl}  type Query { users: [User!]! }\n\`\n`
    check(inCode(SDL), inCode(EDITED), { path: 'api/src/graphql/users.sdl.ts' })
    // A comment behind the last field stays with it.
    check(
      `type User {\n  id: Int!\n  email: String!\n  createdAt: Date! # UTC\n}`,
      `type User {\n  id: Int!\n  email: String!\n  createdAt: Date! # UTC\n  updatedAt: Date\n  updatedById: Int\n}`,
      { path: 'schema.graphqls' },
    )
  })

  for (const [why, text, path] of [
    ['is input', `input User { id: ID! name: String! email: String! createdAt: DateTime! }`, 'a.graphql'],
    ['is a query', `query User { user { id name email createdAt } }`, 'a.graphql'],
    [
      'NestJS prints',
      `"""A date-time string at UTC"""\nscalar D\ntype User { id: ID! email: S! name: S! createdAt: D! }`,
      'schema.graphql',
    ],
    ['is printed by a library', `type User { createdAt: D! email: S! id: ID! name: S! }`, 'schema.graphql'],
    ['says that it is generated', `# THIS FILE WAS AUTOMATICALLY GENERATED\n${SDL}`, 'schema.graphql'],
    ['has parts of elsewhere', `const a = gql\`type User { id: ID! email: String! createdAt: D! \${more} }\``, 'a.ts'],
    ['does not parse', `type User { id: ID! name: `, 'a.graphql'],
    ['is silenced', `# @audit-ignore\ntype User {\n  id: ID!\n  name: String!\n  createdAt: D!\n}`, 'a.graphql'],
  ] as const) {
    it(`leaves alone what ${why}`, () => assert.deepEqual(answer(text, { path }), { edits: [], notes: [] }))
  }

  it("writes Pothos' fields like the date beside them, and users by their relation where the object has some", () => {
    const objects = (user: string, lead: string) =>
      `builder.prismaObject('User', {\n  fields: (t) => ({\n    id: t.exposeID('id'),\n    email: t.exposeString('email'),\n    createdAt: t.expose('createdAt', { type: 'Date' }),\n${user}  }),\n})\n` +
      `builder.prismaNode("Lead", {\n  id: { field: 'id' },\n  fields: (t) => {\n    return { name: t.exposeString('name'), email: t.exposeString('email'), createdAt: t.field({ type: 'Date' })${lead} }\n  },\n})\n`
    check(
      objects('', ''),
      objects(
        `    updatedAt: t.expose('updatedAt', { type: 'Date' }),\n    updatedBy: t.relation('updatedBy', { nullable: true }),\n`,
        `, ownerId: t.exposeInt('ownerId', { nullable: true })`,
      ),
    )
  })
})

describe('application: components', () => {
  it('edits the scripts of a Vue or Svelte component, at their places in the whole file', () => {
    const component = (added: string, more: string) =>
      `<template>\r\n  <!-- <script lang="ts">interface User { -->\r\n  <p v-if="a < b">{{ user }}</p>\r\n</template>\r\n<script lang="ts">\r\nexport interface User {\r\n  id: number\r\n  name: string\r\n  createdAt: Date${added}\r\n}\r\n</script>\r\n` +
      `<script setup lang="ts" generic="T extends Record<string, never>">\r\nconst users = ref<User[]>([])\r\ntype Lead = { id: number; name: string; email: string${more} }\r\n</script>\r\n<style>a { color: red }</style>\r\n`
    for (const path of ['src/Users.vue', 'src/routes/+page.svelte']) {
      check(
        component('', ''),
        component(
          '\r\n  updatedAt?: Date\r\n  updatedBy?: { id: number; name: string } | null',
          '; ownerId?: number | null',
        ),
        { path },
      )
    }
  })
})
