import { AuditError, describeError } from '../errors'
import { jsonDocument, type DataText } from '../text/data-text'

/** The output of a command with `--format json` that could not run (see docs/json.md). */
export function renderErrorJson(error: unknown): DataText {
  const { code, message, why, nextStep, place } =
    error instanceof AuditError
      ? error
      : { code: null, message: describeError(error), why: '', nextStep: '', place: null }
  return jsonDocument({
    formatVersion: 1,
    error: { code, what: message, why, nextStep, file: place?.file ?? null, range: place?.range ?? null },
  })
}
