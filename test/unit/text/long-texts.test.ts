import assert from 'node:assert/strict'
import { isLoggedIn } from '../../../server/src/application/selects/row-evidence'
import { graphqlTypes } from '../../../server/src/application/graphql-types'
import { parseSource } from '../../../server/src/application/parse-source'
import { componentScripts } from '../../../server/src/application/component-scripts'
import { silencedLines } from '../../../server/src/application/silenced-lines'
import { sourceTree } from '../../../server/src/application/syntax'
import { parsePolicy } from '../../../server/src/audit-fields/parse-policy'
import { plpgsqlEffect } from '../../../server/src/audit/plpgsql-effect'
import { describeActualDefault } from '../../../server/src/audit/values/defaults'
import { tokenize } from '../../../server/src/audit/values/expressions/tokens'
import { sameValue } from '../../../server/src/audit/values/literals'
import { isReadName } from '../../../server/src/audit/values/read-by-prisma'
import { readDefault } from '../../../server/src/audit/values/read-default'
import { portableStatements } from '../../../server/src/backup/sql/portable-statements'
import type { Column } from '../../../server/src/database/model'
import type { PlacedLintFinding } from '../../../server/src/lint/place-findings'
import { lintActions } from '../../../server/src/lsp/migration-scripts'
import { typeOfColumn } from '../../../server/src/migration/plan/column-type'
import { copiesRowsInto } from '../../../server/src/migration/plan/copied-rows'
import { indented } from '../../../server/src/migration/plan/sql'
import { whyBroken } from '../../../server/src/migration/plan/surroundings/row-functions'
import { plainEnvironmentFile } from '../../../server/src/schema/connection/environment-files'
import { readConfigObject } from '../../../server/src/schema/connection/static-values'
import { parseDatasources } from '../../../server/src/schema/parse-datasources'
import { inPlainEnglish, phrase } from '../../../server/src/text/phrase'
import { sqlOnOneLine } from '../../../server/src/text/safe-text'
import { inEnglish } from '../../../server/src/text/translate'
import { whyNotTried } from '../../../server/src/verification/writes/outside-effects'

/**
 * Texts of a database, a backup or a repository for which a regular expression can take the square of their length, or
 * longer than anyone waits. There is no limit here but mocha's own: each of these once took hours.
 */
describe('texts of several megabytes', () => {
  const LENGTH = 4_000_000
  const filled = (part: string): string => part.repeat(LENGTH / part.length)
  const spaces = filled(' ')
  const column = (text: string): Column => ({
    ...{ name: 'a', type: 'text', typeName: 'text', typeSchema: 'pg_catalog', isArray: false, typeKind: 'b' },
    ...{ nullable: true, default: text, identity: null, generated: null, ownedSequence: null },
  })

  it('a default of spaces', () => {
    assert.equal(describeActualDefault(column(`'${spaces}'::text`)).length, LENGTH + "default ''::text".length)
    assert.equal(
      describeActualDefault(column('CASE\n    WHEN true THEN 1\n\nEND')),
      'default CASE WHEN true THEN 1 END',
    )
  })

  it('a definition of spaces', () => {
    assert.equal(sqlOnOneLine(`CHECK (a <> '${spaces}b')  `).length, LENGTH + "CHECK (a <> 'b')".length)
  })

  for (const [name, part] of [
    ['dollar quotes', ''],
    ['comments', '/* '],
    ['strings with escapes', `e'\\' `],
  ] as const) {
    it(`a function with ${name} that are never closed`, () => {
      const body = part === '' ? Array.from({ length: 90_000 }, (_, index) => `$a${index}$ `).join('') : filled(part)
      const source = `BEGIN NEW.at := now(); RETURN NEW; END; ${body}`
      assert.equal(plpgsqlEffect(source.slice(0, 900_000), 'at', 'UPDATE'), 'sets')
    })
  }

  it('a function whose string, or whose IFs, are more than anybody writes', () => {
    const function_ = (text: string) => plpgsqlEffect(`BEGIN NEW.at := now(); ${text} RETURN NEW; END`, 'at', 'UPDATE')
    assert.equal(function_(`RAISE NOTICE '${'a'.repeat(900_000)}';`), 'sets')
    assert.equal(function_(`RAISE NOTICE '${'a'.repeat(20_000_000)}';`), 'unknown')
    assert.equal(function_('IF b THEN '.repeat(50_000)), 'unknown')
    assert.equal(function_(`IF ${'('.repeat(400_000)} THEN NEW.at := now(); END IF;`), 'sets')
    assert.equal(function_(`IF b THEN ${'IF b THEN RETURN NULL; END IF; '.repeat(25_000)} END IF;`), 'sets')
  })

  it('a value of more letters than a regular expression takes', () => {
    const letters = 'a'.repeat(20_000_000)
    assert.equal(readDefault(column(`'${letters}'::text`), 'string').kind, 'literal')
    assert.equal(readDefault({ ...column(`ARRAY['${letters}'::text]`), isArray: true }, 'string').kind, 'list')
    assert.equal(sqlOnOneLine(`a = '${letters}'`).length, letters.length + 6)
    assert.equal(indented(`a = '${letters}'`, ' ').length, letters.length + 6)
    assert.equal(isReadName(`'${letters}'::_a`), false)
    assert.equal(tokenize(`'${letters}'`)?.length, 1)
    assert.deepEqual([...portableStatements(`${' '.repeat(20_000_000)}SELECT 1`, 15)].length, 1)
  })

  it('signs, zeros and brackets, and what follows them', () => {
    assert.equal(tokenize(`1 ${'+'.repeat(LENGTH)}= 1`)?.length, 3)
    assert.equal(tokenize(`1 =${'+'.repeat(1000)} 1`)?.length, 1003)
    assert.equal(sameValue(`${filled('0')}x`, '1', 'integer'), false)
    assert.equal(sameValue(`1.${filled('0')}1`, '1', 'decimal'), false)
    assert.equal(sameValue('-000.50', '-0.5', 'decimal'), true)
    assert.equal(sameValue(`${'='.repeat(400_000)}a`, '', 'bytes'), false)
    assert.equal(typeOfColumn({ ...column(''), type: `${filled('[]')}x`, typeSchema: 'a' }).sql, '"a"."text"')
    assert.equal(typeOfColumn({ ...column(''), type: 'x[][]', typeSchema: 'a' }).sql, '"a"."text"[][]')
  })

  it('a schema of lines, or of the word datasource', () => {
    assert.equal(parseDatasources([{ path: 'a', text: filled('datasource ') }]).files[0]?.blocks.length, 0)
    const full = `datasource a {\n${filled('datasource ')}\n}\n datasource b {\n}`
    assert.deepEqual(
      parseDatasources([{ path: 'a', text: full }]).files[0]?.blocks.map(({ block }) => block.name.text),
      ['a', 'b'],
    )
  })

  it('a pattern of brackets in a policy', () => {
    const { problems } = parsePolicy(JSON.stringify({ rules: [{ models: [filled('[')], require: ['updatedAt'] }] }))
    assert.match(String(problems[0]?.message), /at most 300 characters/)
  })

  it('an environment file of line breaks', () => {
    assert.throws(() => plainEnvironmentFile(filled('\n'), '.env'), { code: 'environment-file-too-large' })
    const values = plainEnvironmentFile(`A=1\n${'# a comment\n'.repeat(5000)}__proto__=2\nB="3"`, '.env')
    assert.deepEqual([values.A, values.B, Object.keys(values).length], ['1', '3', 2])
  })

  it('a template of types and of what is inserted between them', () => {
    const text = `gql\`${'type User { id: ID }\n${rest}\n'.repeat(60_000)}type Lead { id: ID ${'${rest} '.repeat(60_000)} }\``
    const { program } = parseSource({ path: 'src/a.ts', text })
    assert.ok(program !== null)
    const names = graphqlTypes('src/a.ts', text, sourceTree(text, program)).map(({ name }) => name)
    assert.deepEqual([names.length, names.at(-1)], [60_000, 'User'])
  })

  it('a script with a finding in each line, all of which are selected', () => {
    const text = 'DROP TABLE a;\n'.repeat(30_000)
    const findings = Array.from({ length: 30_000 }, (_, line): PlacedLintFinding => {
      const place = { start: line * 14, end: line * 14 + 12 }
      const [start, end] = [place.start, place.end].map((offset) => ({ line, character: offset - place.start }))
      return {
        ...{ code: 'drop-table', severity: 'warning', message: '', advice: '', phrases: [], span: place },
        ...{ statement: place, fix: { title: phrase`x`, edits: [{ ...place, newText: '' }] }, range: { start, end } },
      } as PlacedLintFinding
    })
    const actions = lintActions(inEnglish, 'a.sql', text, findings)
    assert.equal(actions.length, 60_000)
    const last = Object.values(actions.at(-1)?.edit?.changes ?? {})[0]?.[0]
    assert.deepEqual(last?.range.start, { line: 29_999, character: 0 })
  })

  it('a trigger that calls a function of many overloads', () => {
    const one = { name: 'a', source: '', language: 'plpgsql', extension: null, lesserOwner: null }
    const known = [...Array.from({ length: 200_000 }, () => one), { ...one, language: 'c' }]
    const written = { lesserOwner: null, lesserType: null, functions: ['a'], rules: [], known, tables: [] }
    assert.match(inPlainEnglish(whyNotTried(written) ?? phrase``), /written in c/)
  })

  it('a function that copies rows, with spaces in a string', () => {
    assert.equal(copiesRowsInto(`INSERT INTO log SELECT '${spaces}', 1; INSERT INTO b SELECT NEW.*`), 'b')
  })

  it('a function of as many nested queries as the plan reads (50,000 characters)', () => {
    const at = { table: '"s"."t"', name: 't', added: ['a'] }
    for (const part of ['select(', '(select * from t, t,', 'return query select a;', 'values(t.* ', 'select ']) {
      const source = part.repeat(50_000 / part.length)
      for (const language of ['sql', 'plpgsql']) {
        const code = { schema: 's', name: 'f', language, isTree: false, source, returnsRow: true }
        for (const rowsOf of ['', at.table]) assert.doesNotThrow(() => whyBroken({ ...code, rowsOf }, at))
      }
    }
  })

  it('a statement of a dump about a name of quotes', () => {
    const statement = `ALTER TABLE ONLY public."${'""'.repeat(31)}" ADD CONSTRAINT a CHECK (true)`
    assert.deepEqual([...portableStatements(statement, 15)], [statement])
  })

  it('a line of comment marks', () => {
    for (const mark of ['/', '*', '#']) {
      assert.equal(silencedLines(`${filled(mark)} a @audit-ignore`).size, 0)
      assert.equal(silencedLines(`${filled(mark)} @audit-ignore`).size, 1)
    }
  })

  it('a component whose comments, tags and attributes are never closed', () => {
    for (const part of ['<!-- ', '<script ', '<script "', "<script '", '<script>', '<script> </script ']) {
      assert.equal(componentScripts(filled(part)).text.trim(), '')
    }
  })

  it('an expression of types', () => {
    assert.equal(isLoggedIn(filled('user as ')), false)
    assert.equal(isLoggedIn('(req.user as User<string, number>).id'), true)
  })
})

/** Texts of a hundred bytes, in a repository that may not even be trusted, which double with each word. */
describe('texts that double', () => {
  const config = (text: string) =>
    readConfigObject(text, { folder: '/app', workingFolder: '/app', variables: () => undefined })
  const casts = '<T>('.repeat(30)

  it('a configuration of casts: only running it would show its value', () => {
    const { isCertain, isExported } = config(`export default ${casts}`)
    assert.deepEqual([isCertain, isExported], [false, false])
  })

  it('a configuration of constants that each contain another twice, also of a text that grows', () => {
    const doubled = (first: string) =>
      Array.from({ length: 45 }, (_, at) => `const a${at + 1} = a${at} + a${at}`)
        .join('\n')
        .replace(/^/, `const a0 = ${first}\n`)
    for (const first of ["''", "'x'", 'unknown()']) {
      const value = config(`${doubled(first)}\nexport default { schema: a45, migrations: { path: a3 + 'b' } }`)
      assert.deepEqual(value.text('schema'), { kind: 'unknown' })
    }
    const value = config(`${doubled("'x'")}\nexport default { migrations: { path: a3 + 'b' } }`)
    assert.deepEqual(value.text('migrations', 'path'), { kind: 'text', value: `${'x'.repeat(8)}b`, variables: [] })
  })

  it('a configuration of a constant that is a member of itself', () => {
    for (const constants of ['const a = a.b', 'const a = c.b\nconst c = a.b']) {
      const value = config(`${constants}\nexport default { schema: a.join('x') }`)
      assert.deepEqual(value.text('schema'), { kind: 'unknown' })
    }
  })

  it('a source file of casts, which is not read, and the next one is', () => {
    const parsed = parseSource({ path: 'src/a.ts', text: `export const a = ${casts}` })
    assert.ok(parsed.program === null && parsed.reason === 'it takes too long to parse')
    assert.ok(parseSource({ path: 'src/b.ts', text: 'export const b = <T,>(a: T) => a' }).program !== null)
  })

  it('parses no label inside hundreds of others, each of which would be compared with all', () => {
    for (const text of ['Lead: '.repeat(200), `${'a: {'.repeat(200)}${'}'.repeat(200)}`]) {
      const parsed = parseSource({ path: 'src/a.ts', text: `${text}0` })
      assert.ok(parsed.program === null && parsed.reason === 'its labels are nested too deep', text.slice(0, 9))
    }
    const few = Array.from({ length: 50 }, (_, at) => `l${String(at)}: `).join('')
    const texts = [`${few}0`, 'export const a = { b: { c: { d: 1 } } }', `switch (a) { ${'case b: '.repeat(200)} }`]
    for (const text of texts) assert.ok(parseSource({ path: 'src/a.ts', text }).program !== null, text)
  })
})
