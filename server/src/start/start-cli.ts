import { runCached } from './run-cached'

runCached({ name: 'cli-main.js', fingerprint: __CLI_FINGERPRINT__ })
