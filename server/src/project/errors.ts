import { lineOf } from '../text/safe-text'
import { AuditError, type ErrorPlace } from '../errors'
import { phrase, type Phrase } from '../text/phrase'

export function schemaMissing(schemaPath: string): AuditError {
  return new AuditError(SCHEMA_MISSING, {
    what: phrase`No Prisma schema found at ${schemaPath}.`,
    why: phrase`The file does not exist, or the folder contains no readable .prisma file.`,
    nextStep: phrase`Specify the schema with --schema, or with the setting prismaAudit.schema.`,
  })
}

export function schemaNotFound(folder: string): AuditError {
  return new AuditError(SCHEMA_MISSING, {
    what: phrase`No Prisma schema found in ${folder}.`,
    why: phrase`Looked in prisma.config.*, package.json ("prisma.schema"), prisma/schema.prisma and schema.prisma.`,
    nextStep: phrase`Run the command in the project folder (--cwd), or specify the schema with --schema.`,
  })
}

/** For a file that a configuration of the repository names. */
export function schemaNotPrisma(schemaPath: string): AuditError {
  return new AuditError(SCHEMA_MISSING, {
    what: phrase`${schemaPath} is not a Prisma schema. It was not read.`,
    why: phrase`package.json ("prisma.schema") or prisma.config.* names it, but its name does not end in .prisma.`,
    nextStep: phrase`Correct the path there, or specify the schema with --schema.`,
  })
}

export function schemaAmbiguous(paths: readonly string[]): AuditError {
  return new AuditError('schema-ambiguous', {
    what: phrase`Found more than one Prisma schema.`,
    why: phrase`The schemas are ${paths.join(', ')}.`,
    nextStep: phrase`Specify one with --schema, or run the command in its folder (--cwd).`,
  })
}

export function schemaInvalid(problems: readonly string[]): AuditError {
  return new AuditError('schema-invalid', {
    what: phrase`The Prisma schema has syntax errors.`,
    why: problems.map((problem) => lineOf(problem)),
    nextStep: phrase`Fix the errors (see \`prisma validate\`) and run the command again. Nothing was changed.`,
  })
}

/** For a commit to compare migrations with. */
export function baseCommitMissing(base: string): AuditError {
  const [, remote] = /^(?:refs\/remotes\/)?([^/]+)\/HEAD$/.exec(base) ?? []
  return new AuditError('base-commit-missing', {
    what: phrase`Edited and new migrations were not checked: the commit ${base} is not in this checkout.`,
    ...(remote === undefined
      ? {
          why: phrase`A shallow checkout has only its newest commits.`,
          nextStep: phrase`Fetch it: fetch-depth: 0 for actions/checkout, GIT_DEPTH: 0 in GitLab, git fetch elsewhere.`,
        }
      : {
          why: phrase`Git does not know the default branch of ${remote}: only git clone looks it up by itself.`,
          nextStep: phrase`Run \`git remote set-head ${remote} --auto\`, or name a branch (--base ${remote}/main).`,
        }),
  })
}

export function gitUnusable(why: Phrase): AuditError {
  return new AuditError('git-unusable', {
    what: phrase`Edited and new migrations were not checked: Git could not be run.`,
    why,
    nextStep: phrase`Install Git and run the command in a checkout, or omit --base.`,
  })
}

export function noPolicy(file: string): AuditError {
  return new AuditError('policy-missing', {
    what: phrase`No audit policy found.`,
    why: phrase`Looked for ${file}.`,
    nextStep: phrase`Create it with the quick fix on the datasource block, or copy the example in the README.`,
  })
}

export function policyInvalid(
  file: string,
  problems: readonly { readonly phrase: Phrase }[],
  range: ErrorPlace['range'] | null,
): AuditError {
  return new AuditError('policy-invalid', {
    what: phrase`The policy ${file} is not valid.`,
    why: problems.map((problem) => problem.phrase),
    nextStep: phrase`Fix the errors and run the command again. Nothing was changed.`,
    ...(range === null ? {} : { place: { file, range } }),
  })
}

export function knownDatabasesInvalid(file: string): AuditError {
  return new AuditError('known-databases-invalid', {
    what: phrase`${file} is not valid.`,
    why: phrase`It records the environments of your databases, such as production.`,
    nextStep: phrase`Correct it, or delete it to be asked again. Nothing was changed.`,
  })
}

export function knownDatabasesNotOwn(file: string): AuditError {
  return new AuditError('known-databases-not-own', {
    what: phrase`${file} belongs to another user, or others can write to it.`,
    why: phrase`It records the environments of your databases, such as production, so anyone who can write to it could hide that a database is production.`,
    nextStep: phrase`Delete it to be asked again, or check it, then make yourself its owner and run chmod 600 on it. Nothing was changed.`,
  })
}

export function fileMissing(file: string): AuditError {
  return new AuditError('file-missing', {
    what: phrase`${file} cannot be read.`,
    why: phrase`The file does not exist.`,
    nextStep: phrase`Correct the path or restore the file, and run the command again.`,
  })
}

export const FILE_CHANGED = 'file-changed'

export function fileChanged(file: string): AuditError {
  return new AuditError(FILE_CHANGED, {
    what: phrase`${file} was not edited.`,
    why: phrase`It has changed since the edit was made.`,
    nextStep: phrase`Run the command again. None of the edits was written.`,
  })
}

export function prisma8Unsupported(file: string, what: string): AuditError {
  return new AuditError('prisma-8-unsupported', {
    what: phrase`${file} uses ${what}, which Prisma Audit does not support yet.`,
    why: phrase`Its schema language and migrations differ from those of Prisma 5 to 7.`,
    nextStep: phrase`Specify a schema of Prisma 5 to 7 with --schema. Nothing was changed.`,
  })
}

export function providerUnsupported(provider: string): AuditError {
  return new AuditError('provider-unsupported', {
    what: phrase`The schema is for ${provider}, which Prisma Audit does not support.`,
    why: phrase`It compares and migrates PostgreSQL databases only.`,
    nextStep: phrase`Use a schema with provider = "postgresql". Nothing was changed.`,
  })
}

export const SCHEMA_MISSING = 'schema-missing'

export function databaseUnread(): AuditError {
  return new AuditError('database-unread', {
    what: phrase`The database catalog has not been read yet.`,
    why: phrase`The SQL depends on the catalog.`,
    nextStep: phrase`Connect to the database (Connect to Database, or DATABASE_URL) and try again.`,
  })
}
