import type { ModelAuditField } from '../audit-fields/present-fields'

/** Whether a text can hold anything to edit: a quick look that spares most files the parser. */
export function mentionsModel(text: string, additions: readonly ModelAuditField[]): boolean {
  return additions.some(
    ({ model }) =>
      (text.includes(clientNameOf(model)) && text.includes('select')) ||
      (text.includes(model) && /\b(?:interface|type)\s/.test(text)),
  )
}

/** Prisma Client's property for a model: only the first letter changes, so `APIKey` is `aPIKey`. */
export function clientNameOf(model: string): string {
  return model.charAt(0).toLowerCase() + model.slice(1)
}
