import type { SchemaFile } from '../schema/model'
import { commonEnds, keptIfSame } from '../common-ends'
import { compareBlock, inputsHold } from './compare-block'
import {
  sameSurroundings,
  type ComparisonCache,
  type KeptBlock,
  type KeptFile,
  type PlacedFindings,
} from './comparison-cache'
import type { ComparisonContext } from './comparison-context'
import type { Finding } from './finding'
import { blocksThatLookUp, lookingBlocks, replaceBlock } from './looking-blocks'
import { placeFindings } from './place-findings'

/**
 * The findings of one schema file. Kept from the version before are the blocks that did not change, and of these all
 * whose tables, and whatever they look at elsewhere in the schema, stayed.
 */
export function compareFile(file: SchemaFile, context: ComparisonContext, cache: ComparisonCache): KeptFile {
  const kept = cache.files.get(file.path)
  const isDoubtful = kept === undefined ? EVERY : doubtfulBlocks(kept, context)
  if (kept?.file === file && (isDoubtful === NONE || !kept.blocks.some((placed) => isDoubtful(placed.kept)))) {
    return confirmed(kept, context)
  }
  const before = counterparts(kept, file)
  let looking = kept?.blocks.length === file.blocks.length && isDoubtful !== EVERY ? kept.looking : null
  const blocks = file.blocks.map(({ block, startLine }, position) => {
    const counterpart = before(position)
    const known = counterpart?.kept
    const isKept = known?.block === block && !isDoubtful(known)
    const found = isKept ? known : compareBlock(block, known, context, cache)
    if (counterpart?.kept === found && counterpart.startLine === startLine) return counterpart
    if (known === undefined) looking = null
    else if (looking !== null && known !== found) replaceBlock(looking, known, found)
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
    lacking: keptIfSame(
      kept?.lacking,
      blocks.map((entry) => entry.kept.lacking),
    ),
    looking,
    scopeVersion: context.scope.version,
    index: context.index,
  }
  cache.files.set(file.path, result)
  return result
}

const EVERY = () => true
const NONE = () => false

/** May a block that did not change itself have other findings than before? True also where that is not known at once. */
function doubtfulBlocks(kept: KeptFile, { surroundings, scope, index }: ComparisonContext): (of: KeptBlock) => boolean {
  const { changedNames } = scope
  const isNext = kept.scopeVersion === scope.version - 1
  if (changedNames === null || !isNext || !sameSurroundings(kept.surroundings, surroundings)) return EVERY
  kept.looking ??= lookingBlocks(kept.blocks)
  const touched = blocksThatLookUp(kept.looking, changedNames)
  if (kept.index !== index) return (block) => touched.has(block) || !inputsHold(block, index)
  return touched.size === 0 ? NONE : (block) => touched.has(block)
}

function confirmed(kept: KeptFile, { scope, index }: ComparisonContext): KeptFile {
  kept.scopeVersion = scope.version
  kept.index = index
  return kept
}

/** What stood in a block's place in the version before, counted from the nearer end of what they have in common. */
function counterparts(kept: KeptFile | undefined, file: SchemaFile): (position: number) => PlacedFindings | undefined {
  if (kept === undefined) return () => undefined
  const { end } = commonEnds(kept.file.blocks, file.blocks, (before, after) => before?.block === after?.block)
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
