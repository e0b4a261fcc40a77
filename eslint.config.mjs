import js from '@eslint/js'
import tseslint from 'typescript-eslint'

/** What only `platform` tells apart, and what no room may use. */
const FOR_ALL_ROOMS = [
  {
    object: 'AbortSignal',
    property: 'any',
    message: 'Node 20 may garbage-collect it too early: use server/src/signals.ts.',
  },
  { object: 'process', property: 'platform', message: 'Systems differ only in server/src/platform.' },
  ...['renameSync', 'rmSync', 'unlinkSync'].map((property) => ({
    object: 'fs',
    property,
    message: 'On Windows another program may have the file open: use server/src/platform/lasting-files.ts.',
  })),
]

/** Only `files` reads files of a repository: bounded, and never from a pipe. */
const FOR_READERS_OF_FILES = ['readFile', 'readFileSync', 'createReadStream'].map((property) => ({
  object: 'fs',
  property,
  message: 'Read files of a repository with server/src/files/bounded-files.ts.',
}))

/** A text or a search about one system: which package has `pg_dump`, and `/proc`. */
const OF_ONE_SYSTEM = ['server/src/platform/**', 'server/src/backup/native/**', 'server/src/files/temporary-folders.ts']

export default tseslint.config(
  {
    ignores: [
      '**/dist/',
      'out/',
      'node_modules/',
      'coverage/',
      'demo/',
      '.cache/',
      '.vscode-test/',
      'test/fixtures/',
      '**/generated/',
      'sample/',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    // Each file is in this project. The project service, which looks for one, takes a tenth more processor time.
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Numbers and booleans read well in templates; what has no good text form is still refused.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      // What is slow to load and seldom needed, where nothing can be awaited.
      '@typescript-eslint/no-require-imports': ['error', { allow: ['/(parse-policy|static-values)$'] }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['server/src/**/*.ts'],
    ignores: [
      'server/src/text/**',
      'server/src/database/secrets.ts',
      'server/src/cli.ts',
      'server/src/terminal/crash.ts',
      'server/src/terminal/terminal-writer.ts',
    ],
    rules: {
      // Foreign text is made safe in server/src/text, and leaves by the terminal's writer; nothing goes around them.
      'no-restricted-syntax': [
        'error',
        {
          selector: 'TSAsExpression > TSTypeReference > Identifier[name=/^(Safe(Text|Line)|MarkdownText|DataText)$/]',
          message: 'Make it with text`…`, textOf, lineOf or what else server/src/text has.',
        },
        {
          selector: 'MemberExpression[object.name="process"][property.name=/^std(out|err)$/]',
          message: 'Write through the TerminalWriter.',
        },
        {
          selector: 'Property[key.name="shell"]',
          message: 'No shell interprets what we run: platform/start-command.ts starts a .cmd of Windows.',
        },
      ],
    },
  },
  {
    files: ['server/src/**/*.ts', 'client/src/**/*.ts', 'action/src/**/*.ts'],
    rules: {
      // A program gets its arguments as a list: no shell interprets them.
      'no-restricted-imports': [
        'error',
        {
          name: 'node:child_process',
          importNames: ['exec', 'execSync'],
          message: 'Start programs without a shell: spawn, with a list of arguments.',
        },
      ],
    },
  },
  {
    files: ['server/src/**/*.ts', 'protocol/src/**/*.ts'],
    ignores: ['server/src/lsp/protocol.ts', 'server/src/server.ts', 'protocol/src/message-types.ts'],
    rules: {
      // Each file that imports a value of the protocol's packages costs the server 50 KB of memory.
      '@typescript-eslint/no-restricted-imports': [
        'error',
        ...['vscode-languageserver', 'vscode-languageserver-protocol'].map((name) => ({
          name,
          allowTypeImports: true,
          message: 'Import values from lsp/protocol.ts, or protocol/src/message-types.ts.',
        })),
      ],
    },
  },
  {
    files: ['server/src/**/*.ts'],
    ignores: OF_ONE_SYSTEM,
    rules: { 'no-restricted-properties': ['error', ...FOR_ALL_ROOMS, ...FOR_READERS_OF_FILES] },
  },
  {
    // What these read is their own: what we ship, the demo, the data folder of the embedded server, a backup.
    files: ['server/src/{files,backup,embedded,terminal/demo}/**/*.ts', 'server/src/terminal/subcommands/demo.ts'],
    ignores: OF_ONE_SYSTEM,
    rules: { 'no-restricted-properties': ['error', ...FOR_ALL_ROOMS] },
  },
  {
    files: ['protocol/src/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: ':function', message: 'The protocol has types and constants only.' },
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // `check(…)` bodies are often a single awaited assertion, and fixtures are known to be there.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        Buffer: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        performance: 'readonly',
        fetch: 'readonly',
        AbortController: 'readonly',
        AbortSignal: 'readonly',
        require: 'readonly',
        module: 'readonly',
      },
    },
  },
)
