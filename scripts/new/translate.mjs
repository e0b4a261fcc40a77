/** The last part of a change that shows a text. */
export const TRANSLATE =
  'Then PRISMA_AUDIT_UPDATE=1 npm run mocha -- unit/client/translations adds its texts to l10n/bundle.l10n.de.json: translate them.'
