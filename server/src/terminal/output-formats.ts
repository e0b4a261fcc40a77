import { InvalidArgumentError } from 'commander'

/** Parses a word that must be one of a few, with an error that names them. */
export function oneOf<const Word extends string>(words: readonly Word[]): (value: string) => Word {
  return (value) => {
    const word = words.find((candidate) => candidate === value)
    if (word === undefined) throw new InvalidArgumentError(`Expected one of: ${words.join(', ')}.`)
    return word
  }
}

export function positiveInteger(value: string): number {
  const number = Number(value)
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('Expected a whole number of 1 or more.')
  return number
}
