/**
 * What our code uses of the protocol's values. A bundle has a copy of all names of a package for each file that imports
 * one of them, and the protocol has three hundred: types come from the package, values from here.
 */
export {
  CodeActionKind,
  CodeActionRequest,
  CodeActionTriggerKind,
  CodeLensRefreshRequest,
  CompletionItemKind,
  DiagnosticSeverity,
  DidChangeTextDocumentNotification,
  DidChangeWatchedFilesNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DidSaveTextDocumentNotification,
  ErrorCodes,
  InlayHintRefreshRequest,
  MarkupKind,
  MessageType,
  ResponseError,
  ShowDocumentRequest,
  ShowMessageNotification,
  ShowMessageRequest,
  TextDocumentContentChangeEvent,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver'
