/**
 * What `dist/main.js` gives to the starters: both programs in one file, since nearly all of it is common to both. Only the one that
 * is run is loaded.
 */
export function runProgram(name: 'cli' | 'server'): void {
  void (name === 'cli' ? import('./cli') : import('./server'))
}
