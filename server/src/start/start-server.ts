import { runCached } from './run-cached'

runCached({ name: 'server-main.js', fingerprint: __SERVER_FINGERPRINT__, use: 'server' })
