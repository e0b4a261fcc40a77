import { isTestPath } from './place-evidence'
import type { ReadScopes } from './selects/read-scopes'
import type { CodeModels } from './model'

/**
 * The models that an application manages: it lists their records for everyone who has a role, which a guard checks
 * beside the list. Users are listed only for those who manage them. What it lists without a guard may be public, and
 * what it never lists is somebody's own. Judged by paths and text alone.
 */
export class ManagedModels {
  private readonly guarded = new Map<string, readonly string[]>()
  private readonly counts = new Map<string, number>()

  constructor(private readonly models: CodeModels) {}

  /** `shown` is the path below the application's folder. */
  update(path: string, shown: string, text: string): void {
    this.remove(path)
    if (isTestPath(shown) || !GUARD.test(text)) return
    const places = placesOf(path)
    this.guarded.set(path, places)
    for (const place of places) this.counts.set(place, (this.counts.get(place) ?? 0) + 1)
  }

  remove(path: string): void {
    for (const place of this.guarded.get(path) ?? []) {
      const count = (this.counts.get(place) ?? 0) - 1
      if (count > 0) this.counts.set(place, count)
      else this.counts.delete(place)
    }
    this.guarded.delete(path)
  }

  /** Null if the workspace reads no model: the backend is elsewhere, and nothing is known about it. */
  managed(scopes: ReadScopes): ReadonlySet<string> | null {
    if (scopes.isEmpty) return null
    const isGuarded = (path: string) => placesOf(path).some((place) => this.counts.has(place))
    return new Set(
      [...scopes.listedIn()].flatMap(([model, paths]) =>
        this.models.get(model)?.isUser === true || paths.some(isGuarded) ? [model] : [],
      ),
    )
  }
}

/**
 * A check of the role or the permission of whoever asks: `@Roles('ADMIN')`, `authorize('manager')`,
 * `requirePermission(…)`.
 */
const GUARD =
  /@(?:require)?(?:roles?|permissions?)\(|\b(?:require|check|verify|assert|ensure|allow|has|is|with|any)_?(?:any)?_?(?:super)?(?:admin|role|permission|staff|manager)\w*\s*\(|\b(?:authorize|authorise|restrictTo|permit|rbac|adminOnly|adminProcedure|rolesGuard|permissionsGuard|adminGuard|adminMiddleware)\b|\brole\s*[!=]==?\s*['"`\w]/i

/** Its folder, and what it is about: `users` of `controllers/users.controller.ts` and `routes/userRoutes.ts`. */
function placesOf(path: string): readonly string[] {
  const nameAt = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1
  const folder = path.slice(0, nameAt)
  const subject = path
    .slice(nameAt)
    .replace(/\.\w+$/, '')
    .toLowerCase()
    .replace(LAYER, '')
    .replace(/[^a-z0-9]/g, '')
    .replace(/(?:ie|e)?s$/, '')
  return subject === '' ? [folder] : [folder, subject]
}

const LAYER = /[._-]?(?:controller|service|route|router|repository|repo|handler|resolver|model|action|api)s?(?=$|\.)/g
