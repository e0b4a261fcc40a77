import * as vscode from 'vscode'
import type { Translate } from './translate'

const { t: translated } = vscode.l10n

/** `vscode.l10n.t`, with numbers grouped as the editor's language does: `1,742`, in German `1.742`. */
export const localized: Translate = (message, ...values) =>
  translated(
    message,
    ...values.map((value) => (typeof value === 'number' ? value.toLocaleString(vscode.env.language) : value)),
  )
