import { type Derived, linkTo, type World } from './world.ts'

/**
 * Rule `log-analytics`: every Log Analytics workspace of the file is linked to the scope (article,
 * "Add Log Analytics workspace to AMPLS").
 */
export function logAnalytics(world: World): Derived {
  const wants = world.logWorkspaces.map(({ alias, workspace }) => ({
    resource: linkTo(world.topology, workspace.id),
    rule: 'log-analytics' as const,
    reason: `Workspace ${alias} of this file receives logs privately only if it is linked.`,
  }))
  return { wants, diagnostics: [], questions: [] }
}
