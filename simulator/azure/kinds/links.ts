import { providerError, refuse } from '../answers.ts'
import type { Call } from '../state.ts'
import type { StoredResource } from '../store.ts'

export const scopedResourceType = 'microsoft.insights/privatelinkscopes/scopedresources'

/** Refuses to delete a resource that a private link scope links (facts, section 3, row 8). */
export function refuseWhileLinked(call: Call, resource: StoredResource): void {
  if (call.azure.knobs.linkedDelete === 'allow') return
  const links = call.azure.store.referrers(resource.path.key, scopedResourceType)
  if (links.length === 0) return
  refuse(
    providerError(
      409,
      'Conflict',
      `It's not possible to delete resources connected to an Azure Monitor private link scope. Resource '${resource.path.id}' is connected by: ${links.map((link) => `'${link.path.id}'`).join(', ')}.`,
    ),
  )
}
