import { runCached } from './run-cached'
import { keepHeapSmall } from './small-heap'

keepHeapSmall()
runCached({ name: 'server-main.js', fingerprint: __SERVER_FINGERPRINT__, use: 'server' })
