/** `vscode.l10n.t`, handed to what is tested without VS Code: the English text, with `{0}` for what is put in. */
export type Translate = (message: string, ...args: (string | number)[]) => string
