/**
 * The kinds of messages. All files here import them from here: a bundle has a copy of all three hundred names of the
 * protocol for each file that imports one of them from its package.
 */
export { NotificationType, ProgressType, RequestType, RequestType0 } from 'vscode-languageserver-protocol'
