/**
 * The export of `dist/main.js` for the starters. Both programs are one bundle, because they share almost everything;
 * only the started one is loaded. In a release the bundle has parts (`scripts/bundle-parts.mjs`).
 */
export function runProgram(name: 'cli' | 'server'): void {
  void (name === 'cli' ? import('./cli') : import('./server'))
}

/** For the process that started the command line in another one, which has crashed. */
export function tellCrash(how: string): void {
  void import('./terminal/crash').then(({ tellCrash: tell }) => tell(how))
}
