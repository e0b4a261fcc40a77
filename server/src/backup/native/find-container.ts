import fs from 'node:fs'
import path from 'node:path'
import { childEnvironment } from '../../embedded/child-environment'
import { programFile } from '../../platform/start-command'
import { within } from '../../signals'
import type { PgDump } from './find-pg-dumps'
import { runInContainer, type Container } from './run-in-container'
import { runProgram, whyFailed, type ProgramOutcome } from './run-program'
import type { EnvironmentVariables } from '../../platform/environment-variables'
import { inPlainEnglish, phrase, type Phrase } from '../../text/phrase'

/** An image that is not on this machine yet. */
export type MissingImage = Container & { readonly major: number }

/** For this major version or newer, if this machine has the image. */
export interface FoundContainer {
  readonly present: PgDump | null
  /** The image of exactly that version, for the first engine that responds, from which it would be pulled. */
  readonly missing: MissingImage | null
}

/**
 * Asks docker, then podman. Uses only the official images, and the nearest version that is not older than the server.
 *
 * @param major 0: any version is suitable, and no pull is offered
 */
export async function findContainer(
  major: number,
  { environment, signal }: { readonly environment: EnvironmentVariables; readonly signal?: AbortSignal | undefined },
): Promise<FoundContainer> {
  let missing: MissingImage | null = null
  for (const engine of ['docker', 'podman'] as const) {
    const program = locate(engine, environment)
    if (program === null) continue
    const found = {
      engine,
      program,
      environment: { ...childEnvironment(environment), ...engineVariables(environment) },
    }
    const ask = (...words: string[]) => answerOf(found, words, signal)
    const info = await ask(
      'info',
      '--format',
      engine === 'docker' ? '{{.SecurityOptions}}' : '{{.Host.Security.Rootless}}',
    )
    if (info === null) continue
    const isRootless = /rootless|true/.test(info)
    for (let version = Math.max(major, OLDEST); version <= Math.max(major, NEWEST); version++) {
      const container = { ...found, isRootless, image: imageOf(version) }
      if ((await ask('image', 'inspect', '--format', '{{.Id}}', container.image)) === null) continue
      const present = await openContainer(container, signal)
      if (present !== null && present.major >= major) return { present, missing: null }
    }
    if (major !== 0) missing ??= { ...found, isRootless, image: imageOf(major), major }
  }
  return { present: null, missing }
}

/** Pulls the image; returns the error message on failure. */
export async function pullImage(missing: MissingImage, signal?: AbortSignal): Promise<PgDump | string | Phrase> {
  const { program, image, environment } = missing
  const run = await runProgram(program, ['pull', '--quiet', image], { environment, signal })
  if (run.exitCode !== 0) return whyFailed(run)
  return (await openContainer(missing, signal)) ?? phrase`${image} has no pg_dump that runs.`
}

async function openContainer(container: Container, signal: AbortSignal | undefined): Promise<PgDump | null> {
  const run = await runInContainer(container, 'pg_dump', ['--version'], { environment: {}, signal })
  const [, version, major] = /\(PostgreSQL\) ((\d+)[.\w]*)/.exec(run.output) ?? []
  if (run.exitCode !== 0 || version === undefined) return null
  const where = inPlainEnglish(placeOfContainer(container))
  return { path: where, restorePath: where, version, major: Number(major), container }
}

/** `image postgres:15 in docker` */
export function placeOfContainer({ image, engine }: Container): Phrase {
  return phrase`image ${image.replace('docker.io/library/', '')} in ${engine}`
}

const OLDEST = 14
const NEWEST = 18

function imageOf(major: number): string {
  return `docker.io/library/postgres:${major}`
}

/** Null if it fails or does not respond in time, like an engine that is installed but not running. */
async function answerOf(
  { program, environment }: Pick<Container, 'program' | 'environment'>,
  words: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string | null> {
  const asked = within(10_000, [signal], (ending) => runProgram(program, words, { environment, signal: ending }))
  const run = await asked.catch((): ProgramOutcome | null => null)
  signal?.throwIfAborted()
  return run?.exitCode === 0 ? run.output : null
}

function locate(name: string, environment: EnvironmentVariables): string | null {
  const folders = (environment.PATH ?? environment.Path ?? '').split(path.delimiter).filter((part) => part !== '')
  const files = folders.map((folder) => path.resolve(folder, programFile(name)))
  return files.find((file) => fs.existsSync(file)) ?? null
}

function engineVariables(environment: EnvironmentVariables): EnvironmentVariables {
  const names = [
    ...['DOCKER_HOST', 'DOCKER_CONTEXT', 'DOCKER_CONFIG', 'DOCKER_CERT_PATH', 'DOCKER_TLS_VERIFY'],
    ...['CONTAINER_HOST', 'CONTAINER_CONNECTION', 'XDG_RUNTIME_DIR', 'XDG_CONFIG_HOME', 'DBUS_SESSION_BUS_ADDRESS'],
  ]
  return Object.fromEntries(names.map((name) => [name, environment[name]]))
}
