// What `npm run watch` prints: a line when it begins to build, one for each error, and one when it is done. The
// background task in .vscode/tasks.json reads them.
import path from 'node:path'

/** A plugin for several builds that belong together. */
export function reportBuilds() {
  let running = 0
  let begun = 0
  return {
    name: 'report-builds',
    setup(build) {
      build.onStart(() => {
        if (running++ > 0) return
        begun = performance.now()
        console.log('[watch] build started')
      })
      build.onEnd(({ errors, warnings }) => {
        const folder = build.initialOptions.absWorkingDir
        for (const error of errors) console.log(lineOf('error', error, folder))
        for (const warning of warnings) console.log(lineOf('warning', warning, folder))
        if (--running === 0) console.log(`[watch] build finished (${Math.round(performance.now() - begun)} ms)`)
      })
    },
  }
}

/** `/…/server/src/cli.ts:3:7: error: Could not resolve "./x"`: line and column from one, as editors count. */
function lineOf(severity, { text, location }, folder) {
  const place =
    location === null ? '' : `${path.resolve(folder, location.file)}:${location.line}:${location.column + 1}: `
  return `${place}${severity}: ${text}`
}
