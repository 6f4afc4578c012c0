import { type Diagnostic, hasErrors, sortDiagnostics } from '../diagnostics.ts'
import type { Outcome } from '../plan/schedule/outcome.ts'
import type { Change, Plan } from '../plan/plan.ts'
import type { PlanReport, Situation } from '../report.ts'
import { idKey, parseResourceId } from '../resources/id.ts'
import type { Resource } from '../resources/resource.ts'
import { code, encodePath, link, linked, text } from './text/markdown.ts'
import { shortNames } from './text/shortNames.ts'
import type { RenderContext } from './context.ts'

/** A report prepared for rendering: what several parts of a comment need, computed once. */
export interface View {
  readonly report: PlanReport
  readonly context: RenderContext
  readonly situation: Situation
  readonly plan: Plan | undefined
  /** The changes to show: those of the plan, or those left by an apply. */
  readonly changes: readonly Change[]
  /** Errors first. */
  readonly diagnostics: readonly Diagnostic[]
  /** By the key of the change; empty before an apply. */
  readonly outcomes: ReadonlyMap<string, Outcome>
  /** A short name as Markdown, linked to the portal if the resource exists. */
  readonly show: (id: string) => string
  /** The same without a link. */
  readonly label: (id: string) => string
  /** A short name as plain text, not safe for Markdown. */
  readonly name: (id: string) => string
  /** A position in the topology file, linked if the repository and commit are known. */
  readonly place: (at: Pick<Diagnostic, 'file' | 'line' | 'column'>) => string
  /** True when the plan has so many changes that portal links would outweigh the text. */
  readonly isLarge: boolean
}

/** More changes than this are shown in folded groups and without links to the portal. */
export const largePlan = 40

export function viewOf(report: PlanReport, given: RenderContext): View {
  const situation = report.situation
  const context = situation === 'imported' ? withoutCommit(given) : given
  const left = situation === 'not-converged' ? report.remaining : undefined
  const changes = left ?? report.plan?.changes ?? []
  const outcomes = report.outcomes ?? context.progress?.outcomes ?? []
  const isLarge = changes.length > largePlan
  const name = remember(shortNames(idsOf(report)))
  const absent = absentIds(report)
  const label = remember((id) => text(name(id), 300))
  const show = remember((id) => {
    const linked = !isLarge && !absent.has(idKey(id)) ? portalUrl(id, context.portal) : undefined
    return linked === undefined ? label(id) : link(name(id), linked)
  })
  return {
    report,
    context,
    situation,
    plan: report.plan,
    changes,
    diagnostics: sortDiagnostics(report.diagnostics),
    outcomes: new Map(outcomes.map((outcome) => [outcome.change.key, outcome])),
    show,
    label,
    name,
    place: (at) => place(at, context, situation === 'invalid' || context.place === 'terminal'),
    isLarge,
  }
}

/** A file that was just written is not in the commit yet, so it cannot be linked. */
function withoutCommit(given: RenderContext): RenderContext {
  const { commitSha, ...context } = given
  return commitSha === undefined ? given : context
}

/** The function, memoized. */
function remember(nameOf: (id: string) => string): (id: string) => string {
  const known = new Map<string, string>()
  return (id) => {
    const name = known.get(id) ?? nameOf(id)
    known.set(id, name)
    return name
  }
}

/** True when the plan in a comment must not count as reviewed. */
export function isBlocked({ situation, diagnostics }: View): boolean {
  const unreviewed = situation === 'plan-changed' || situation === 'plan-not-found'
  const isDrift = situation === 'drift' || situation === 'clean'
  return unreviewed || isDrift || hasErrors(diagnostics)
}

/** The URL of a resource in the portal; `undefined` if `id` isn't a resource id. */
export function portalUrl(id: string, portal: string): string | undefined {
  const parsed = parseResourceId(id)
  if (parsed === undefined) return undefined
  return `${portal.replace(/\/+$/, '')}/#resource${encodePath(parsed.text)}`
}

/**
 * The URL of a repository file at the commit, derived from the run's URL, which starts with the
 * repository's.
 */
export function fileUrl(context: RenderContext, file: string, line?: number): string | undefined {
  const repository = /^(https:\/\/[^/]+\/[^/]+\/[^/]+)\/actions\//.exec(context.runUrl ?? '')?.[1]
  if (repository === undefined || !/^[0-9a-f]{7,64}$/i.test(context.commitSha ?? ''))
    return undefined
  return `${repository}/blob/${context.commitSha ?? ''}/${encodePath(file)}${line ? `#L${line}` : ''}`
}

function place(
  { file, line, column }: Pick<Diagnostic, 'file' | 'line' | 'column'>,
  context: RenderContext,
  exactly: boolean,
): string {
  if (file === undefined) return ''
  const short = line !== undefined && !exactly
  const position = [file, line, column].filter((part) => part !== undefined).join(':')
  return linked(short ? `line ${line}` : code(position, 300), fileUrl(context, file, line) ?? '')
}

/** Resources that do not exist: not created yet, or deleted already. */
function absentIds(report: PlanReport): Set<string> {
  const outcomes = report.outcomes ?? []
  const done = new Set(outcomes.filter((o) => o.result === 'done').map((o) => o.change.key))
  const absent = (report.plan?.changes ?? []).filter(
    ({ action, key }) =>
      (action === 'create' && !done.has(key)) || (action === 'delete' && done.has(key)),
  )
  return new Set(absent.map((change) => idKey(change.id)))
}

/** Every id that a part of the comment may show. */
function idsOf(report: PlanReport): string[] {
  const changes = [
    ...(report.plan?.changes ?? []),
    ...(report.remaining ?? []),
    ...(report.review?.unreviewed ?? []),
  ]
  return [
    // An association is shown by its target: they all have one name.
    ...changes.flatMap((c) => [
      ...(c.kind === 'association' ? [] : [c.id]),
      ...mentioned(c.before),
      ...mentioned(c.after),
    ]),
    ...report.diagnostics.flatMap((d) => d.resource ?? []),
    ...(report.egress?.endpoints ?? []).map((e) => e.id),
    ...(report.egress?.logWorkspaces ?? []).map((w) => w.id),
    ...(report.egress?.regions ?? []).flatMap((r) => r.targets.map((t) => t.id)),
    ...(report.remoteWrite ?? []).map((target) => target.workspace),
    ...(report.network?.privateEndpoints ?? []).map(({ id }) => id),
    ...(report.network?.virtualNetworks ?? []).map(({ id }) => id),
    ...(report.network?.neighbours ?? []).map(({ id }) => id),
  ]
}

function mentioned(resource: Resource | null): string[] {
  switch (resource?.kind) {
    case 'association':
      return [resource.target, resource.endpointId ?? resource.ruleId ?? resource.target]
    case 'scopedResource':
      return [resource.linkedResourceId, scopeOf(resource.id)]
    case 'dataCollectionEndpoint':
    case 'accessModes':
    case undefined:
      return []
  }
}

/** The id of the scope that a scoped resource belongs to. */
export function scopeOf(scopedResource: string): string {
  return scopedResource.split('/').slice(0, -2).join('/')
}
