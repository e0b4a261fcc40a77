import { quoteIdentifier, quoteLiteral, quoteQualified } from '../../../database/quote'
import { functionCheck } from '../checks/trigger'
import { step } from './step'
import type { Step } from '../../model'
import { doBlock, dollarQuote } from '../sql'
import type { ClockFunction } from '../clock-function'
import { titleOfTable } from '../titles'

/** The function that the triggers call. One that is there under the name and is not ours is never replaced. */
export function createFunction(clock: Omit<ClockFunction, 'exists' | 'passedOver'>, table: string): Step {
  const signature = `${quoteQualified(clock.schema, clock.name)}()`
  const procedure = `pg_catalog.to_regprocedure(${quoteLiteral(signature)})`
  const comment = quoteLiteral(clock.comment)
  const quote = dollarQuote(clock.source, 'function')
  const message = quoteLiteral(`A function ${signature} that Prisma Audit did not create already exists.`)
  const hint = quoteLiteral('Plan again: the new plan uses another name.')
  return step({
    recipe: {
      builder: 'create-function',
      parameters: { schema: clock.schema, name: clock.name, column: clock.column, isZoned: clock.isZoned, table },
    },
    id: `create-function:${clock.schema}.${clock.name}`,
    kind: 'create-function',
    title: `Create function ${titleOfTable({ schema: clock.schema, table: clock.name })}()`,
    schema: clock.schema,
    table,
    object: clock.name,
    up: [
      doBlock(
        [
          'BEGIN',
          `  IF ${procedure} IS NULL THEN`,
          `    CREATE FUNCTION ${signature} RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS ${quote}${clock.source}${quote};`,
          `    COMMENT ON FUNCTION ${signature} IS ${comment};`,
          `  ELSIF pg_catalog.obj_description(${procedure}, 'pg_proc') IS DISTINCT FROM ${comment} THEN`,
          `    RAISE EXCEPTION USING MESSAGE = ${message}, HINT = ${hint};`,
          '  END IF;',
          'END',
        ].join('\n'),
      ),
    ],
    down: [
      doBlock(
        [
          'BEGIN',
          `  IF pg_catalog.obj_description(${procedure}, 'pg_proc') = ${comment}`,
          `    AND NOT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgfoid OPERATOR(pg_catalog.=) ${procedure})`,
          '  THEN',
          `    DROP FUNCTION ${signature};`,
          '  END IF;',
          'END',
        ].join('\n'),
      ),
    ],
    verify: [functionCheck(clock)],
    lock: { mode: 'none', tables: [], duration: 'held briefly' },
    privileges: [{ action: 'create-in-schema', name: quoteIdentifier(clock.schema) }],
  })
}
