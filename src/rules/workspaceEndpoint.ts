import { type Derived, linkTo, type World } from './world.ts'

/**
 * Rule `workspace-endpoint`: the automatic endpoint of every Azure Monitor workspace of the file is
 * linked to the scope; it serves configuration access and remote write (article, "Workspace DCE").
 * The workspace itself is never linked: Azure doesn't accept it.
 */
export function workspaceEndpoint(world: World): Derived {
  const wants = world.monitorWorkspaces.flatMap(({ alias, endpoint }) =>
    endpoint === undefined
      ? []
      : [
          {
            resource: linkTo(world.topology, endpoint.id),
            rule: 'workspace-endpoint' as const,
            reason: `The automatic endpoint of workspace ${alias} serves configuration and remote write.`,
          },
        ],
  )
  return { wants, diagnostics: [], questions: [] }
}
