import { formatBytes } from './amounts'
import { phrase, phraseText, type Phrase } from './phrase'

/** `2.4 s`, in German `2,4 s`. */
export function secondsWords(milliseconds: number): Phrase {
  return { template: DECIMAL, values: [...(milliseconds / 1000).toFixed(1).split('.'), 's'] }
}

/** `812 bytes`, `8.3 GB`, in German `8,3 GB`. */
export function sizeWords(bytes: number): Phrase {
  const [amount = '', unit = ''] = formatBytes(bytes).split(' ')
  const [whole = '', tenths] = amount.split('.')
  const shown = unit === 'bytes' ? phrase`bytes` : unit
  return tenths === undefined ? phrase`${amount} ${shown}` : { template: DECIMAL, values: [whole, tenths, shown] }
}

const DECIMAL = phraseText('{0}.{1} {2}').split(/\{\d\}/)
