import assert from 'node:assert/strict'
import { callsOf } from '../../../server/src/database/calls-on-constants'

const column = (location: number) =>
  `{VAR :varno 1 :varattno 2 :vartype 25 :vartypmod -1 :varcollid 100 :varlevelsup 0 :location ${location}}`
const constant = (value = '') =>
  `{CONST :consttype 25 :constisnull false :location 33 :constvalue 11 [ 44 0 0 0 123 ]${value}}`
const call = (oid: number, argument: string) =>
  `{FUNCEXPR :funcid ${oid} :funcresulttype 16 :args (${argument}) :location 31}`
const operator = (oid: number, left: string, right: string) =>
  `{OPEXPR :opno 531 :opfuncid ${oid} :opresulttype 16 :args (${left} ${right}) :location 45}`

function check(tree: string, all: readonly number[], onConstants: readonly number[]): void {
  const found = callsOf(tree)
  assert.deepEqual([...found.all].map(Number).sort(), all)
  assert.deepEqual([...found.onConstants].map(Number).sort(), onConstants)
}

describe('the calls of a stored expression that read no column', () => {
  it('are those without a column anywhere below them', () => {
    check('', [], [])
    check(call(16385, constant()), [16385], [16385])
    check(call(16385, column(1)), [16385], [])
    check(call(16385, call(16386, column(1))), [16385, 16386], [])
    check(call(16385, `${column(1)} ${call(16386, constant())}`), [16385, 16386], [16386])
    check(operator(16387, call(16385, ''), constant()), [16385, 16387], [16385, 16387])
    check(operator(147, column(1), call(16385, constant())), [147, 16385], [16385])
    const conditional = `{CASEEXPR :casetype 25 :arg <> :args ({CASEWHEN :expr ${operator(147, column(1), constant())} :result ${call(16386, constant())} :location 28}) :defresult ${column(2)}}`
    check(conditional, [147, 16386], [16386])
  })

  it('are found in several expressions, and a name with braces is no part of the structure', () => {
    check(`(${call(16385, column(1))})${call(16386, constant())}`, [16385, 16386], [16386])
    check(call(16385, constant(' :name a\\}\\{VAR\\ ')), [16385], [16385])
    check(`} ${call(16385, constant())} }`, [16385], [16385])
  })
})
