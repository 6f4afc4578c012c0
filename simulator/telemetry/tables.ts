import { answer, gatewayError } from '../azure/answers.ts'
import { noSuchMethod } from '../azure/refusals.ts'
import type { CollectionPath, ResourcePath } from '../azure/path.ts'
import type { AzureState } from '../azure/state.ts'
import type { Principal } from '../entra/tokens.ts'
import type { Answer, SimulatedRequest } from '../http.ts'

export const tablesType = 'microsoft.operationalinsights/workspaces/tables'

/** `GET {workspace}/tables/{table}`: the plan of a table of a Log Analytics workspace (V8). */
export function answerTable(
  azure: AzureState,
  path: ResourcePath | CollectionPath,
  request: SimulatedRequest,
  principal: Principal,
): Answer {
  if (request.method !== 'GET' || path.kind !== 'resource') return noSuchMethod(request)
  const workspace = azure.store.get(path.holder)
  if (workspace === undefined) {
    return gatewayError(
      404,
      'ParentResourceNotFound',
      `The parent of '${path.name}' was not found.`,
    )
  }
  azure.access.require(principal, 'Microsoft.OperationalInsights/workspaces/tables/read', path.id)
  return answer(200, {
    id: `${workspace.path.id}/tables/${path.name}`,
    name: path.name,
    type: 'Microsoft.OperationalInsights/workspaces/tables',
    properties: {
      plan: planOf(azure, workspace.path.name, path.name),
      provisioningState: 'Succeeded',
    },
  })
}

/** ContainerLogV2 is often Basic (facts-2 A.4); a knob sets other tables that aren't Analytics. */
export function planOf(
  { knobs }: Pick<AzureState, 'knobs'>,
  workspace: string,
  table: string,
): string {
  const plan = knobs.tablePlans[`${workspace}/${table}`]
  return plan ?? (table === 'ContainerLogV2' ? 'Basic' : 'Analytics')
}
