import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { runProgram, type ProgramOptions, type ProgramOutcome, type ProgramWord } from './run-program'
import type { EnvironmentVariables } from '../../platform/environment-variables'

/**
 * Runs pg_dump or pg_restore from an image. The folders of its files are mounted; variables for connecting are named in
 * the arguments and passed in the environment, the password in its file.
 */
export async function runInContainer(
  container: Container,
  tool: 'pg_dump' | 'pg_restore',
  words: readonly ProgramWord[],
  options: ProgramOptions,
  platform: NodeJS.Platform = process.platform,
): Promise<ProgramOutcome> {
  const { program, image } = container
  const name = `prisma-audit-${randomBytes(6).toString('hex')}`
  const mounts = new Mounts()
  const variables = connectionVariables(options.environment, mounts, platform)
  const inside = words.map((word) =>
    typeof word === 'string' ? word : `${word.option ?? ''}${mounts.pathOf(word.file, word.option === undefined)}`,
  )
  const run = await runProgram(
    program,
    [
      // `--init` forwards signals to pg_dump, which would ignore them as process 1.
      ...['run', '--rm', '--init', `--name=${name}`, '--pull=never', '--security-opt=label=disable'],
      ...userOptions(container),
      // On other platforms the engine runs in a virtual machine.
      ...(platform === 'linux' ? ['--network=host'] : []),
      ...mounts.options(),
      ...Object.keys(variables).map((variable) => `--env=${variable}`),
      ...[`--entrypoint=${tool}`, image, ...inside],
    ],
    { ...options, environment: { ...container.environment, ...variables } },
  )
  if (options.signal?.aborted === true) {
    // If the engine's client was killed, the container keeps running.
    await runProgram(program, ['kill', name], { environment: container.environment }).catch(() => undefined)
  }
  return run
}

/** An image with pg_dump and pg_restore, and the engine that runs it. */
export interface Container {
  readonly engine: 'docker' | 'podman'
  /** Absolute path of docker or podman. */
  readonly program: string
  /** Whether the engine runs rootless, so that root in the container is this user. */
  readonly isRootless: boolean
  /** `docker.io/library/postgres:17`. */
  readonly image: string
  /** Where the engine is; no passwords. */
  readonly environment: EnvironmentVariables
}

/** The written file must belong to this user. */
function userOptions({ engine, isRootless }: Container): string[] {
  const [user, group] = [process.getuid?.() ?? null, process.getgid?.() ?? 0]
  if (user === null) return []
  if (engine === 'docker' && isRootless) return ['--user=0:0']
  return [...(engine === 'podman' && isRootless ? ['--userns=keep-id'] : []), `--user=${user}:${group}`]
}

function connectionVariables(
  environment: EnvironmentVariables,
  mounts: Mounts,
  platform: NodeJS.Platform,
): EnvironmentVariables {
  const variables = Object.fromEntries(
    Object.entries(environment).filter(
      ([name, value]) => (name.startsWith('PG') || name === 'LC_ALL') && value !== undefined,
    ),
  )
  for (const name of ['PGPASSFILE', 'PGSSLROOTCERT', 'PGSSLCERT', 'PGSSLKEY']) {
    const file = variables[name]
    if (file !== undefined && path.isAbsolute(file)) variables[name] = mounts.pathOf(file, true)
  }
  const host = variables.PGHOST ?? ''
  if (host.startsWith('/')) variables.PGHOST = mounts.folderOf(host, true)
  else if (platform !== 'linux' && /^(?:localhost|127\..*|::1)$/.test(host)) variables.PGHOST = 'host.docker.internal'
  return variables
}

/** Maps folders of this machine to their paths in the container. */
class Mounts {
  private readonly folders = new Map<string, { readonly target: string; isReadOnly: boolean }>()

  pathOf(file: string, isReadOnly: boolean): string {
    return `${this.folderOf(path.dirname(path.resolve(file)), isReadOnly)}/${path.basename(file)}`
  }

  folderOf(folder: string, isReadOnly: boolean): string {
    const known = this.folders.get(folder)
    const mount = known ?? { target: `/prisma-audit/${this.folders.size}`, isReadOnly }
    mount.isReadOnly &&= isReadOnly
    this.folders.set(folder, mount)
    return mount.target
  }

  options(): string[] {
    return Array.from(this.folders, ([folder, { target, isReadOnly }]) => {
      const source = `"source=${folder.replaceAll('"', '""')}"`
      return `--mount=type=bind,${source},target=${target}${isReadOnly ? ',readonly' : ''}`
    })
  }
}
