import { runCached } from './run-cached'

const [, , command = ''] = process.argv
runCached({
  name: 'cli-main.js',
  fingerprint: __CLI_FINGERPRINT__,
  use: /^[a-z]{1,12}$/.test(command) ? command : 'other',
})
