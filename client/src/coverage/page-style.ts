/** Only VS Code's colors. A state has a symbol and a word; the border repeats them, including by its style. */
export const PAGE_STYLE = `
body { font-family: var(--vscode-font-family); font-size: var(--vscode-font-size); color: var(--vscode-foreground); padding: 0 1.5em 3em; }
h1 { font-size: 1.5em; font-weight: 600; }
.bar { display: flex; flex-wrap: wrap; gap: 2px; padding: 0; list-style: none; }
.bar li { padding: .3em .7em; border: 1px solid var(--vscode-panel-border); border-bottom-width: 4px; white-space: nowrap; }
.tools { display: flex; flex-wrap: wrap; gap: .8em; align-items: center; margin: 1em 0; }
input, select { font: inherit; color: var(--vscode-input-foreground); background: var(--vscode-input-background); border: 1px solid var(--vscode-input-border, var(--vscode-panel-border)); padding: .25em .4em; }
.tools button { font: inherit; color: var(--vscode-button-secondaryForeground); background: var(--vscode-button-secondaryBackground); border: 1px solid var(--vscode-contrastBorder, transparent); padding: .3em .8em; cursor: pointer; }
table, thead, tbody { display: block; }
.row { display: grid; border-bottom: 1px solid var(--vscode-panel-border); }
.row[hidden] { display: none; }
tbody .row { content-visibility: auto; contain-intrinsic-size: auto 4.5em; }
thead { position: sticky; top: 0; background: var(--vscode-editor-background); z-index: 1; }
th, td { text-align: left; padding: 0; overflow-wrap: anywhere; }
th button, td button { position: relative; display: block; width: 100%; height: 100%; font: inherit; color: inherit; background: none; border: 0; padding: .4em .7em; text-align: left; cursor: pointer; }
th { font-weight: 600; } td span { display: block; font-size: .9em; color: var(--vscode-descriptionForeground); }
td .spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
td i { font-style: normal; margin-right: .4em; } td i[data-state="missing"], td i[data-state="faulty"] { color: var(--vscode-foreground); }
td b { font-weight: 600; } td[data-state="not required"] b { font-weight: inherit; color: var(--vscode-descriptionForeground); }
input::placeholder { color: var(--vscode-input-placeholderForeground); opacity: 1; }
td { border-left: 4px none var(--vscode-panel-border); }
td[data-state="complete"] { border-left-style: solid; } td[data-state="partial"] { border-left-style: dashed; }
td[data-state="missing"] { border-left-style: double; } td[data-state="unknown"] { border-left-style: dotted; }
[data-state="complete"] { border-color: var(--vscode-testing-iconPassed); } [data-state="partial"] { border-color: var(--vscode-editorWarning-foreground); }
[data-state="missing"] { border-color: var(--vscode-editorError-foreground); }
.bar li[data-state="complete"] { border-bottom-color: var(--vscode-testing-iconPassed); }
.bar li[data-state="partial"] { border-bottom-color: var(--vscode-editorWarning-foreground); }
.bar li[data-state="missing"] { border-bottom-color: var(--vscode-editorError-foreground); }
th button:hover, td button:hover { background: var(--vscode-list-hoverBackground); }
.tools button:hover { background: var(--vscode-button-secondaryHoverBackground); }
:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
`
