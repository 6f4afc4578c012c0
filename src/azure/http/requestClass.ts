/** The kinds of request that Azure Resource Manager counts and limits separately. */
export type RequestClass = 'reads' | 'queries' | 'writes' | 'deletes'

/** The only path that a run which must not write may POST to. */
export const resourceGraphPath = '/providers/Microsoft.ResourceGraph/resources'

/** True for the address of Resource Graph's query operation, to the letter. */
export function isResourceGraph(url: string): boolean {
  return new URL(url).pathname === resourceGraphPath
}

/** How Azure counts a request. Whatever isn't known to be harmless counts as a write. */
export function requestClass(method: string, url: string): RequestClass {
  if (method === 'GET' || method === 'HEAD') return 'reads'
  if (method === 'DELETE') return 'deletes'
  return method === 'POST' && isResourceGraph(url) ? 'queries' : 'writes'
}
