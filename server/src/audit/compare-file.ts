import type { SchemaFile } from '../schema/model'
import { commonEnds, keptIfSame } from './common-ends'
import { compareBlock, inputsHold } from './compare-block'
import {
  sameSurroundings,
  type ComparisonCache,
  type KeptBlock,
  type KeptFile,
  type PlacedFindings,
} from './comparison-cache'
import type { ComparisonContext } from './comparison-context'
import { haveCommon } from './expected/scope'
import type { Finding } from './finding'
import { placeFindings } from './place-findings'

/**
 * The findings of one schema file. Kept from the version before are the blocks that did not change, and of these all
 * whose tables, and whatever they look at elsewhere in the schema, stayed.
 */
export function compareFile(file: SchemaFile, context: ComparisonContext, cache: ComparisonCache): KeptFile {
  const kept = cache.files.get(file.path)
  const holds = kept === undefined ? () => false : holdsIn(kept, context)
  if (kept?.file === file && (holdsAsAWhole(kept, context) || kept.blocks.every((placed) => holds(placed.kept)))) {
    return confirmed(kept, context)
  }
  const before = counterparts(kept, file)
  const blocks = file.blocks.map(({ block, startLine }, position) => {
    const counterpart = before(position)
    const known = counterpart?.kept
    const found = known?.block === block && holds(known) ? known : compareBlock(block, known, context, cache)
    if (counterpart?.kept === found && counterpart.startLine === startLine) return counterpart
    return placed(found, file.path, startLine, counterpart)
  })
  const result = {
    file,
    surroundings: context.surroundings,
    blocks,
    findings: keptIfSame(kept?.findings, allFindings(blocks)),
    claims: keptIfSame(
      kept?.claims,
      blocks.map((entry) => entry.kept.claims),
    ),
    lookups: null,
    scopeVersion: context.scope.version,
    index: context.index,
  }
  cache.files.set(file.path, result)
  return result
}

/** Does a block that did not change itself still have the same findings? False also where that is not known at once. */
function holdsIn(kept: KeptFile, { surroundings, scope, index }: ComparisonContext): (block: KeptBlock) => boolean {
  const { changedNames } = scope
  const isNext = kept.scopeVersion === scope.version - 1
  if (changedNames === null || !isNext || !sameSurroundings(kept.surroundings, surroundings)) return () => false
  return (block) => {
    const isTouched = block.expectation !== null && haveCommon(block.expectation.lookups, changedNames)
    return !isTouched && (kept.index === index || inputsHold(block, index))
  }
}

/** The same for all blocks of a file at once: what an edit elsewhere costs each file that it does not touch. */
function holdsAsAWhole(kept: KeptFile, { surroundings, scope, index }: ComparisonContext): boolean {
  const { changedNames } = scope
  const isNext = kept.scopeVersion === scope.version - 1
  if (changedNames === null || !isNext || kept.index !== index) return false
  if (!sameSurroundings(kept.surroundings, surroundings)) return false
  kept.lookups ??= new Set(kept.blocks.flatMap(({ kept: { expectation } }) => [...(expectation?.lookups.keys() ?? [])]))
  return !haveCommon(kept.lookups, changedNames)
}

function confirmed(kept: KeptFile, { scope, index }: ComparisonContext): KeptFile {
  kept.scopeVersion = scope.version
  kept.index = index
  return kept
}

/** What stood in a block's place in the version before, counted from the nearer end of what they have in common. */
function counterparts(kept: KeptFile | undefined, file: SchemaFile): (position: number) => PlacedFindings | undefined {
  if (kept === undefined) return () => undefined
  const { end } = commonEnds(kept.file.blocks, file.blocks, (before, after) => before.block === after.block)
  const shift = kept.blocks.length - file.blocks.length
  return (position) => kept.blocks[position < file.blocks.length - end ? position : position + shift]
}

function placed(kept: KeptBlock, path: string, startLine: number, before: PlacedFindings | undefined): PlacedFindings {
  const isSame = before?.startLine === startLine && before.kept.findings === kept.findings
  return { kept, startLine, findings: isSame ? before.findings : placeFindings(kept.findings, path, startLine) }
}

function allFindings(blocks: readonly PlacedFindings[]): Finding[] {
  const all: Finding[] = []
  for (const { findings } of blocks) for (const finding of findings) all.push(finding)
  return all
}
