/** The walls of the house: see ARCHITECTURE.md. Each rule's comment says what it keeps apart and why. */
const PURE =
  '^server/src/(audit/|schema/parser/|schema/edits/|migration/plan/|migration/render/|migration/history/|report/|text/|lint/|application/(?!list-application-files))'

module.exports = {
  forbidden: [
    {
      name: 'pure-rooms-do-no-io',
      comment: 'parse, compare, plan and the renderers take plain data and return plain data.',
      severity: 'error',
      from: { path: PURE },
      to: {
        path: '^(node:)?(fs|fs/promises|net|http|https|child_process|worker_threads|os|process|dns|tls|readline)$|node_modules/(pg|pgpass|vscode-[^/]+|@electric-sql)/|^server/src/(database/(?!model|names|quote|search-path)|backup|embedded|generate|project|lsp|guided|terminal|migration/run|migration/rehearsal/(?!model))',
      },
    },
    {
      name: 'only-the-client-knows-vscode',
      comment: 'The engine runs in any editor, in a terminal and in CI.',
      severity: 'error',
      from: { pathNot: '^(client/src|test/editor)/' },
      to: { path: '^vscode$' },
    },
    {
      name: 'the-client-knows-no-engine',
      comment: 'The client shows and asks; SQL, parsing and connections belong to the server.',
      severity: 'error',
      from: { path: '^client/src/' },
      to: { path: '^server/src/|node_modules/(pg|@prisma|@electric-sql)/' },
    },
    {
      name: 'only-lsp-knows-the-protocol',
      comment: 'Core types are plain data, converted at the edge.',
      severity: 'error',
      from: { path: '^server/src/', pathNot: '^server/src/(lsp/|server\\.ts$)' },
      to: {
        path: 'node_modules/vscode-(languageserver|languageserver-protocol|jsonrpc|languageserver-textdocument)|^protocol/',
      },
    },
    {
      name: 'pg-stays-in-its-rooms',
      comment:
        'Database access goes through withClient, which always releases. The built-in dump takes over a socket after login.',
      severity: 'error',
      from: { path: '^server/src/', pathNot: '^server/src/(database|migration/run|verification|backup/built-in)/' },
      to: { path: 'node_modules/(pg|pgpass|pg-connection-string)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'nothing-imports-upward',
      comment: 'The engine knows nothing of those who use it: the editor, the terminal, the guided run.',
      severity: 'error',
      from: {
        path: '^server/src/(schema|database|audit|lint|migration|verification|backup|embedded|generate|application|report)/',
      },
      to: { path: '^server/src/(lsp|project|guided|terminal|cli\\.ts|server\\.ts)' },
    },
    {
      name: 'the-product-knows-no-tests',
      comment: 'Nothing that ships may lean on test support.',
      severity: 'error',
      from: { path: '^(client|server|protocol)/src/' },
      to: { path: '^(test|bench)/' },
    },
    {
      name: 'no-circles',
      comment: 'A circle is one room with two doors.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
