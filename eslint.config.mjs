import js from '@eslint/js'
import tseslint from 'typescript-eslint'

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
