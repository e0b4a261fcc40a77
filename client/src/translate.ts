/**
 * `vscode.l10n.t`, passed to code that is tested without VS Code: the English text, with placeholders such as `{0}`.
 */
export type Translate = (message: string, ...args: (string | number)[]) => string
