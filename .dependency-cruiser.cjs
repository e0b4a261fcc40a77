/** The walls of the house: see ARCHITECTURE.md. Each rule's comment says what it keeps apart and why. */
/**
 * By folder, its rooms from the ground up: a room imports only from floors below its own, and rooms on one floor know
 * nothing of each other.
 */
const floors = require('./scripts/floors.json')

const PURE =
  '^server/src/(text/|schema/(?!connection/|validation/)|expected/|audit-fields/|audit/|editor/|lint/|migration/(plan/|render/|history/|[^/]+\\.ts$)|report/|application/(?!list-application-files|search/)|actor/(?!search-application))'

const IO =
  '^(node:)?(fs|fs/promises|net|http|https|child_process|worker_threads|os|process|dns|tls|readline)$|node_modules/(pg|pgpass|vscode-[^/]+|@electric-sql)/|' +
  '^server/src/(files/|platform/(?!inside)|database/(?!model|quote|text-of-values|search-path|environments)|schema/(connection|validation)/|backup|embedded|generate|project|commands|lsp|terminal|migration/run|migration/rehearsal/(?!model)|verification/(?!model))'

/** One rule a room: what it may not import, which is its own floor's other rooms and all that stands above. */
function floorRules(folder, floors) {
  return floors.flatMap((rooms, floor) =>
    rooms.flatMap((room) => {
      const others = [...rooms.filter((other) => other !== room), ...floors.slice(floor + 1).flat()]
      if (others.length === 0) return []
      return {
        name: `floors: ${room}`,
        comment: 'A room imports only from floors below its own (scripts/floors.json).',
        severity: 'error',
        from: { path: `^${folder}/${roomPattern(room)}` },
        to: { path: `^${folder}/(${others.map(roomPattern).join('|')})` },
      }
    }),
  )
}

function roomPattern(room) {
  return room.endsWith('.ts') ? `${room.replaceAll('.', '\\.')}$` : `${room}/`
}

module.exports = {
  forbidden: [
    {
      name: 'pure-rooms-do-no-io',
      comment: 'parse, compare, plan and the renderers take plain data and return plain data.',
      severity: 'error',
      from: { path: PURE },
      to: { path: IO },
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
      name: 'the-action-stands-alone',
      comment: 'It runs the command line and reads what that prints: a contract that others rely on, too.',
      severity: 'error',
      from: { path: '^action/src/' },
      to: { path: '^(client|protocol|server)/' },
    },
    {
      name: 'only-lsp-knows-the-protocol',
      comment:
        'Core types are plain data, converted at the edge. The stages of a run, the settings and the states of coverage are named once, in files that import nothing.',
      severity: 'error',
      from: { path: '^server/src/', pathNot: '^server/src/(lsp/|server\\.ts$)' },
      to: {
        path: 'node_modules/vscode-(languageserver|languageserver-protocol|jsonrpc|languageserver-textdocument)|^protocol/',
        pathNot: '^protocol/src/(coverage-states|run-stages|settings)\\.ts$',
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
      name: 'the-protocol-is-types-and-constants',
      comment: 'Client and server share it, so it needs nothing of either.',
      severity: 'error',
      from: { path: '^protocol/src/' },
      to: { pathNot: '^protocol/src/|node_modules/vscode-languageserver-protocol/' },
    },
    {
      name: 'shared-names-import-nothing',
      comment: 'commands, project, editor and report use them, and know no LSP.',
      severity: 'error',
      from: { path: '^protocol/src/(coverage-states|run-stages|settings)\\.ts$' },
      to: {},
    },
    {
      name: 'a-project-changes-no-database',
      comment: 'It reads the catalog and the journal. Commands migrate, roll back, back up and restore.',
      severity: 'error',
      from: { path: '^server/src/project/' },
      to: {
        path: '^server/src/(verification|generate|smoke|migration/(run|rehearsal)|backup)/',
        pathNot:
          '^server/src/(migration/run/(session/session|journal/(journal|journal-tables|run-target))|backup/native/run-program)\\.ts$',
      },
    },
    {
      name: 'a-report-finds-nothing',
      comment: 'It renders what it is given, so it needs only the types of other rooms, and how serious a finding is.',
      severity: 'error',
      from: { path: '^server/src/report/' },
      to: { path: '^server/src/(?!report/|text/|errors\\.ts$|audit/finding\\.ts$)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'the-sandbox-knows-no-url-of-the-project',
      comment: "It has a server of its own, and never reads or writes the project's database.",
      severity: 'error',
      from: { path: '^server/src/sandbox/' },
      to: { path: '^server/src/schema/connection/' },
    },
    ...Object.entries(floors).flatMap(([folder, rooms]) => floorRules(folder, rooms)),
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
    {
      name: 'no-circles-between-folders',
      comment: 'Two rooms that need each other are one room, or something stands in the wrong one.',
      severity: 'error',
      scope: 'folder',
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
