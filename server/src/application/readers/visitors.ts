import type { AskedWorkspace } from './asked-workspace'
import type { Place } from './file-questions'
import type { Lead } from './leads'
import { doubtedIn } from './doubted-names'

/** What the code on the way of an answer asked of its visitors so far. */
export interface Visit {
  /** Whether some of it turned everyone away who lacks a role. */
  readonly isGuarded: boolean
  /** Whether a request arrived already: what comes behind it is another program. */
  readonly hasArrived: boolean
  /** Whether one arrived that nothing asked for a role. */
  readonly isOpen: boolean
}

export const NOBODY_YET: Visit = { isGuarded: false, hasArrived: false, isOpen: false }

/**
 * A visit, once it comes to a place. A request arrives at a route, a tRPC procedure, a server action, a loader or a
 * component of the server, and is asked for a role there or in the code that this calls. A layout asks only for the pages
 * in it.
 */
export function visitAt(workspace: AskedWorkspace, visit: Visit, path: string, place: Place, lead: Lead): Visit {
  if (visit.hasArrived) return visit
  const questions = workspace.ask(path)
  const isGuarded = visit.isGuarded || workspace.asksForRole(path, place, doubtedIn(workspace, path))
  const isPage = lead.kind === 'page'
  const hasArrived = isPage || lead.kind === 'route' || questions.isRequestedItself(place)
  if (!hasArrived) return { ...visit, isGuarded }
  const isGuardedOutside =
    (lead.kind === 'route' && lead.isMounted && isMountGuarded(workspace, path, 3)) ||
    (isPage && isGuardedAround(workspace, path, place))
  return { isGuarded, hasArrived, isOpen: !isGuarded && !isGuardedOutside }
}

/** Whether a router's file is put somewhere, and everywhere behind a role: `app.use('/admin', requireAdmin, adminRouter)`. */
function isMountGuarded(workspace: AskedWorkspace, path: string, depth: number): boolean {
  const mounts = workspace.importersOf(path).flatMap(({ importer, local }) => {
    return workspace
      .ask(importer)
      .argumentsNamed(local)
      .map((place) => ({ importer, place }))
  })
  return (
    mounts.length > 0 &&
    mounts.every(({ importer, place }) => {
      if (workspace.asksForRole(importer, place, doubtedIn(workspace, importer))) return true
      return depth > 0 && isMountGuarded(workspace, importer, depth - 1)
    })
  )
}

/** Whether a layout around a page, or a component of the server around all that it shows, asks for a role. */
function isGuardedAround(workspace: AskedWorkspace, path: string, place: Place): boolean {
  const layouts = workspace
    .filesWith('children')
    .filter((each) => isAround(workspace.shown(each), workspace.shown(path)))
  const names = workspace.ask(path).componentsAround(place)
  const around = workspace
    .importedBy(path, (local) => names.includes(local))
    .filter((each) => workspace.ask(each).matches('is around', () => IS_AROUND))
  return [...layouts, ...around].some((each) => workspace.turnsAwayByRole(each, doubtedIn(workspace, each)))
}

/** Whether a file is a layout around a page. Middleware is for some addresses, which its code decides. */
function isAround(outer: string, path: string): boolean {
  const folder = /^(?:.*\/)?(?=layout\.[jt]sx?$)/.exec(outer.replaceAll('\\', '/'))?.[0]
  return folder !== undefined && path.replaceAll('\\', '/').startsWith(folder)
}

/** A component of the server around what a page shows: `<AdminShell>…</AdminShell>`. */
const IS_AROUND = /^(?![^]{0,100}['"]use client)[^]*\bchildren\b/
