/** The kinds of request that Azure Resource Manager counts and limits separately. */
export type RequestClass = 'reads' | 'queries' | 'writes' | 'deletes'

/** The only path that a run which must not write may POST to. */
export const resourceGraphPath = '/providers/Microsoft.ResourceGraph/resources'

/** True for exactly the URL path of Resource Graph's query operation. */
export function isResourceGraph(url: string): boolean {
  return new URL(url).pathname === resourceGraphPath
}

/** The class under which Azure counts a request. Anything not known to be read-only is a write. */
export function requestClass(method: string, url: string): RequestClass {
  if (method === 'GET' || method === 'HEAD') return 'reads'
  if (method === 'DELETE') return 'deletes'
  return method === 'POST' && isResourceGraph(url) ? 'queries' : 'writes'
}
