import { quoteIdentifier, quoteLiteral, quoteQualified } from '../../../database/quote'
import { functionCheck } from '../checks/trigger'
import { step } from './step'
import type { Step, StepRecipe } from '../../model'
import { doBlock, dollarQuote } from '../sql'
import type { ClockFunction } from '../clock-function'
import { titleOfTable } from '../titles'

/** The function that the triggers of `updatedAt` call. */
export function createFunction(clock: Omit<ClockFunction, 'exists' | 'passedOver'>, table: string): Step {
  const { schema, name, column, isZoned } = clock
  return createTriggerFunction(clock, table, {
    builder: 'create-function',
    parameters: { schema, name, column, isZoned, table },
  })
}

export interface TriggerFunctionParts {
  readonly schema: string
  readonly name: string
  /** The text between the dollar quotes. */
  readonly source: string
  /** Marks it as ours. */
  readonly comment: string
}

/** A function that triggers call. An existing function of that name that is not ours is never replaced. */
export function createTriggerFunction(made: TriggerFunctionParts, table: string, recipe: StepRecipe): Step {
  const signature = `${quoteQualified(made.schema, made.name)}()`
  const procedure = `pg_catalog.to_regprocedure(${quoteLiteral(signature)})`
  const comment = quoteLiteral(made.comment)
  const quote = dollarQuote(made.source, 'function')
  const message = quoteLiteral(`A function ${signature} that Prisma Audit did not create already exists.`)
  const hint = quoteLiteral('Plan again: the new plan uses another name.')
  return step({
    recipe,
    id: `create-function:${made.schema}.${made.name}`,
    kind: 'create-function',
    title: `Create function ${titleOfTable({ schema: made.schema, table: made.name })}()`,
    schema: made.schema,
    table,
    object: made.name,
    up: [
      doBlock(
        [
          'BEGIN',
          `  IF ${procedure} IS NULL THEN`,
          `    CREATE FUNCTION ${signature} RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS ${quote}${made.source}${quote};`,
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
    verify: [functionCheck(made)],
    lock: { mode: 'none', tables: [], duration: 'brief' },
    privileges: [{ action: 'create-in-schema', name: quoteIdentifier(made.schema) }],
  })
}
