import type { SchemaFile } from '../schema/model'
import { beforeIfSame, commonEnds, eachIfOther } from '../schema/unchanged-items'
import { compareBlock, inputsHold } from './compare-block'
import {
  sameSurroundings,
  type ComparisonCache,
  type CachedBlock,
  type CachedFile,
  type PlacedFindings,
} from './comparison-cache'
import type { ComparisonContext } from './comparison-context'
import type { Finding } from './finding'
import { addDependent, blockDependents, modelsThatLookUp } from './block-dependents'
import { placeFindings } from './place-findings'

/**
 * The findings of one schema file. Unchanged blocks are reused if all their tables, and everything that they refer to
 * in the schema, are unchanged too.
 */
export function compareFile(file: SchemaFile, context: ComparisonContext, cache: ComparisonCache): CachedFile {
  const cached = cache.files.get(file.path)
  const isDoubtful = cached === undefined ? EVERY : doubtfulBlocks(cached, context)
  if (cached?.file === file && (isDoubtful === NONE || !cached.blocks.some((placed) => isDoubtful(placed.cached)))) {
    return confirmed(cached, context)
  }
  const before = counterparts(cached, file)
  let dependents = cached?.blocks.length === file.parsed.length && isDoubtful !== EVERY ? cached.dependents : null
  const blocks = file.parsed.map(({ block }, position) => {
    const startLine = file.layout.blocks.startLine(position)
    const counterpart = before(position)
    const known = counterpart?.cached
    const isCurrent = known?.block === block && !isDoubtful(known)
    const found = isCurrent ? known : compareBlock(block, known, context, cache)
    const isPlacedAlready = counterpart?.startLine === startLine || found.findings.length === 0
    if (counterpart?.cached === found && isPlacedAlready) return counterpart
    if (known === undefined) dependents = null
    else if (dependents !== null && known !== found) addDependent(dependents, found)
    return placed(found, file.path, startLine, counterpart)
  })
  const result = {
    file,
    surroundings: context.surroundings,
    blocks,
    findings: beforeIfSame(cached?.findings, allFindings(blocks)),
    claims: eachIfOther(cached?.claims, blocks, (entry) => entry.cached.claims),
    lacking: eachIfOther(cached?.lacking, blocks, (entry) => entry.cached.lacking),
    dependents,
    scopeVersion: context.scope.version,
    index: context.index,
  }
  cache.files.set(file.path, result)
  return result
}

const EVERY = () => true
const NONE = () => false

/** Whether an unchanged block may have other findings than before. Also true if that is not known immediately. */
function doubtfulBlocks(cached: CachedFile, context: ComparisonContext): (of: CachedBlock) => boolean {
  const { surroundings, scope, index } = context
  const { changedNames } = scope
  const isNext = cached.scopeVersion === scope.version - 1
  if (changedNames === null || !isNext || !sameSurroundings(cached.surroundings, surroundings)) return EVERY
  cached.dependents ??= blockDependents(cached.blocks)
  const models = modelsThatLookUp(cached.dependents, changedNames)
  const isTouched = ({ expectation }: CachedBlock) => expectation !== null && models.has(expectation.model.table.model)
  if (cached.index !== index) return (block) => isTouched(block) || !inputsHold(block, context)
  const hangOnAll = changedNames.size > 0 && cached.blocks.some((placed) => hangsOnAll(placed.cached))
  return models.size === 0 && !hangOnAll ? NONE : (block) => isTouched(block) || hangsOnAll(block)
}

/** Its table is missing, and the likely former table may now belong to another block. */
function hangsOnAll({ former }: CachedBlock): boolean {
  return former !== undefined
}

function confirmed(cached: CachedFile, { scope, index }: ComparisonContext): CachedFile {
  cached.scopeVersion = scope.version
  cached.index = index
  return cached
}

/** The block in the same place of the previous version, counted from the nearer end of the common part. */
function counterparts(
  cached: CachedFile | undefined,
  file: SchemaFile,
): (position: number) => PlacedFindings | undefined {
  if (cached === undefined) return () => undefined
  const { end } = commonEnds(cached.file.parsed, file.parsed, (before, after) => before?.block === after?.block)
  const shift = cached.blocks.length - file.parsed.length
  return (position) => cached.blocks[position < file.parsed.length - end ? position : position + shift]
}

function placed(
  cached: CachedBlock,
  path: string,
  startLine: number,
  before: PlacedFindings | undefined,
): PlacedFindings {
  const isSame = before?.startLine === startLine && before.cached.findings === cached.findings
  return { cached, startLine, findings: isSame ? before.findings : placeFindings(cached.findings, path, startLine) }
}

function allFindings(blocks: readonly PlacedFindings[]): Finding[] {
  const all: Finding[] = []
  for (const { findings } of blocks) for (const finding of findings) all.push(finding)
  return all
}
