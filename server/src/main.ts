/**
 * The exports of `dist/main.js` for the starters: both programs in one file, because they share almost everything. Only
 * the started one is loaded.
 */
export function runProgram(name: 'cli' | 'server'): void {
  void (name === 'cli' ? import('./cli') : import('./server'))
}
