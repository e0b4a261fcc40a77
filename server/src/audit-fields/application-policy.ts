import type * as Zod from 'zod'
import { phraseText } from '../text/phrase'

/** How to start the application and which responses to expect: `application` of the policy. */
export interface ApplicationPolicy {
  /** The program and its arguments; null if the application is already running. */
  readonly start: readonly string[] | null
  /** The folder to start it in, relative to the policy's folder. */
  readonly cwd: string
  /** A URL on this machine that responds once the application is ready. */
  readonly ready: string
  readonly timeoutSeconds: number
  /** The environment variable with the URL of its database. */
  readonly databaseVariable: string
  readonly login: LoginPolicy | null
  readonly checks: readonly SmokeCheckPolicy[]
}

/** A request that logs in: its cookies, and the token in its response, are sent with later requests. */
export interface LoginPolicy extends RequestPolicy {
  /** The path of the token for `Authorization: Bearer` in the response; null for cookies only. */
  readonly token: string | null
  readonly csrf: CsrfPolicy | null
}

/** Where the application gives its CSRF token, before the login, and where it wants it. */
export interface CsrfPolicy {
  /** `GET /api/auth/csrf` */
  readonly request: string
  /** The path of the token in the JSON response; null if a cookie has it. */
  readonly token: string | null
  readonly cookie: string | null
  /** Sent with each request of the session that may write; null if the login's body has the token. */
  readonly header: string | null
  readonly field: string | null
}

export interface RequestPolicy {
  /** `POST /login` */
  readonly request: string
  /** `${NAME}` in a value is replaced with an environment variable. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

export interface SmokeCheckPolicy extends RequestPolicy {
  readonly name: string | null
  /** Null uses the application's login, false none. */
  readonly login: LoginPolicy | false | null
  /** Null accepts 200 to 299. */
  readonly status: number | null
  readonly expect: readonly ExpectationPolicy[]
}

export interface ExpectationPolicy {
  /** `updatedBy.name`, `users.0.email`; for arrays without an index, all elements. */
  readonly path: string
  /** Omitted: it only has to exist. */
  readonly equals?: unknown
}

/** The policy's `application`. zod is a parameter, because it is loaded only with the first policy. */
export function applicationSettings(z: typeof Zod) {
  const requestLine = z
    .string()
    .regex(
      /^(?:GET|HEAD|POST|PUT|PATCH|DELETE) \/\S*$/,
      phraseText('a request is a method and a path, such as "GET /admin/users"'),
    )
    .max(2000)
    .meta({ description: 'Method and path, such as "GET /admin/users".' })
  const headerName = z.string().regex(/^[\w-]+$/, phraseText('a header name consists of letters, digits and -'))
  const headers = z.record(headerName, z.string().max(2000)).default({}).meta({
    description: '${NAME} in a value is replaced with that environment variable. Keep secrets there.',
  })
  const body = z
    .unknown()
    .meta({ description: 'Sent as JSON. ${NAME} in its strings is replaced with that environment variable.' })
  const request = { request: requestLine, headers, body: body.optional() }
  const place = z.string().min(1).max(200).nullable().default(null)
  const csrf = z
    .strictObject({
      request: requestLine,
      token: place.meta({ description: 'Path of the CSRF token in the JSON response, such as "csrfToken".' }),
      cookie: place.meta({ description: 'The cookie that has the CSRF token, such as "XSRF-TOKEN".' }),
      header: headerName.max(200).nullable().default(null).meta({
        description: 'The header that sends it with the login and each later request that is not GET or HEAD.',
      }),
      field: place.meta({ description: 'The field that sends it in the body of the login.' }),
    })
    .refine(
      ({ token, cookie, header, field }) =>
        (token === null) !== (cookie === null) && (header !== null || field !== null),
      phraseText('name where the CSRF token comes from ("token" or "cookie") and where it goes ("header" or "field")'),
    )
    .meta({ description: 'The request before the login that gets a CSRF token.' })
  const login = z
    .strictObject({
      ...request,
      csrf: csrf.nullable().default(null),
      token: z.string().min(1).nullable().default(null).meta({
        description: 'Path of the bearer token in the JSON response, such as "session.token". Cookies are always kept.',
      }),
    })
    .refine(
      (each) => (each.csrf?.field ?? null) === null || each.body === undefined || isFields(each.body),
      phraseText('the body must be an object, because csrf.field adds a field to it'),
    )
    .meta({ description: 'The request that logs in.' })
  const expectation = z.union([
    z.string().min(1),
    z.strictObject({ path: z.string().min(1), equals: z.unknown().optional() }),
  ])
  return z
    .strictObject({
      start: z
        .array(z.string().min(1).max(2000))
        .min(1, phraseText('name the program to start'))
        .max(100)
        .nullable()
        .default(null)
        .meta({
          description:
            'The program and its arguments, such as ["npm", "run", "dev"]. Omit it if the application is already running.',
        }),
      cwd: z.string().default('.').meta({ description: 'The folder to start it in, relative to the policy.' }),
      ready: z
        .url({ protocol: /^https?$/ })
        .refine(
          isOnThisMachine,
          phraseText('the application is tested on this machine: use localhost, 127.0.0.1 or [::1]'),
        )
        .meta({ description: 'A URL that responds once the application is ready, such as "http://127.0.0.1:3000/".' }),
      timeoutSeconds: z
        .int()
        .min(1)
        .max(3600)
        .default(60)
        .meta({ description: 'How long to wait until the application is ready.' }),
      databaseVariable: z
        .string()
        .regex(/^[A-Za-z_]\w*$/, phraseText('a variable name consists of letters, digits and _'))
        .max(200)
        .default('DATABASE_URL')
        .meta({
          description:
            'The environment variable with the URL of the database. To test a backup (level 4), it is set to the URL of the restored database.',
        }),
      login: login.nullable().default(null),
      checks: z
        .array(
          z.strictObject({
            ...request,
            name: z.string().max(200).nullable().default(null),
            login: z
              .union([login, z.literal(false)])
              .nullable()
              .default(null)
              .meta({
                description: 'The login for this request, or false for none. Default: the login of the application.',
              }),
            status: z.int().min(100).max(599).nullable().default(null).meta({ description: 'Default: 200 to 299.' }),
            expect: z
              .array(expectation)
              .max(1000)
              .default([])
              .meta({ description: 'What the JSON response must contain: "updatedBy.name", or { "path", "equals" }.' }),
          }),
        )
        .min(1, phraseText('name at least one check'))
        .max(1000),
    })
    .transform(({ checks, ...settings }): ApplicationPolicy => ({
      ...settings,
      login: withBody(settings.login),
      checks: checks.map((check) => ({
        ...check,
        body: check.body,
        login: check.login === false ? false : withBody(check.login),
        expect: check.expect.map((each) => (typeof each === 'string' ? { path: each } : each)),
      })),
    }))
    .meta({ description: 'How `prisma-audit smoke` starts the application, and which responses it expects.' })
}

function withBody<Login extends { readonly body?: unknown }>(login: Login | null): (Login & { body: unknown }) | null {
  return login === null ? null : { ...login, body: login.body }
}

function isFields(body: unknown): boolean {
  return typeof body === 'object' && body !== null && !Array.isArray(body)
}

/** Requests contain secrets from the environment, so a repository must not choose where they go. */
function isOnThisMachine(url: string): boolean {
  return /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?(?:\/|$)/i.test(url)
}
