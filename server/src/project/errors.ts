import { AuditError } from '../errors'

export function schemaMissing(schemaPath: string): AuditError {
  return new AuditError('schema-missing', {
    what: `No Prisma schema was found at ${schemaPath}.`,
    why: 'There is no such file, or the folder holds no .prisma file that can be read.',
    nextStep: 'Name the schema with --schema, or with the setting prismaAudit.schema.',
  })
}

export function schemaNotFound(folder: string): AuditError {
  return new AuditError('schema-missing', {
    what: `No Prisma schema was found in ${folder}.`,
    why: 'Neither prisma.config, package.json ("prisma.schema") nor prisma/schema.prisma or schema.prisma names one.',
    nextStep: 'Work from the folder of the project (--cwd), or name the schema with --schema.',
  })
}

export function schemaAmbiguous(paths: readonly string[]): AuditError {
  return new AuditError('schema-ambiguous', {
    what: 'There is more than one Prisma schema here.',
    why: `Found ${paths.join(', ')}.`,
    nextStep: 'Name the one that is meant with --schema, or work from its folder (--cwd).',
  })
}

export function schemaInvalid(problems: readonly string[]): AuditError {
  return new AuditError('schema-invalid', {
    what: 'The Prisma schema does not parse.',
    why: problems,
    nextStep: 'Mend it (prisma validate says more) and run the command again. Nothing was changed.',
  })
}

export function noPolicy(file: string): AuditError {
  return new AuditError('policy-missing', {
    what: 'There is no policy that says which models must have which audit fields.',
    why: `Looked for ${file}.`,
    nextStep: 'Create it with the quick fix in the schema, or after the example in the README.',
  })
}

export function policyInvalid(file: string, problems: readonly { readonly message: string }[]): AuditError {
  return new AuditError('policy-invalid', {
    what: `The policy ${file} is not valid.`,
    why: problems.map((problem) => problem.message),
    nextStep: 'Mend it and run the command again. Nothing was changed.',
  })
}

export function fileMissing(file: string): AuditError {
  return new AuditError('file-missing', {
    what: `${file} cannot be read.`,
    why: 'There is no such file.',
    nextStep: 'Name a file that is there, or put it back, and run the command again.',
  })
}

export function prisma8Unsupported(file: string, what: string): AuditError {
  return new AuditError('prisma-8-unsupported', {
    what: `${file} is for ${what}, which Prisma Audit does not support yet.`,
    why: 'Its schema language and its migrations are others than those of Prisma 5 to 7.',
    nextStep: 'Name a schema of Prisma 5 to 7 with --schema. Nothing was changed.',
  })
}
