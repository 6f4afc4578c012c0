import { shortHash } from '../azure/present.ts'
import type { StoredResource } from '../azure/store.ts'

/** Path of an Azure Monitor workspace's query endpoint on this server (V3). */
export function queryPath({ path, generation }: StoredResource): string {
  return `/_prometheus/${path.name.toLowerCase()}-${shortHash(`${path.key} query ${generation}`)}`
}
