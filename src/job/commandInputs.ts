import { parseResourceId } from '../resources/id.ts'
import { topologyName } from '../resources/ownership.ts'
import { isWritable } from '../topology/print/reference.ts'
import { lines, read, type Reader, show } from './inputReader.ts'

/** The inputs of `import`: the scope to start from, the file to write and the topology's name. */
export function readImport(from: Reader): {
  readonly topologyFiles: readonly string[]
  readonly scope: string
  readonly topologyName?: string
} {
  const name = from.get('name')
  if (name !== '' && !topologyName.test(name)) {
    from.refuse(
      'name',
      `${show(name)} is not a topology name; use 2 to 20 lower-case letters, digits and "-", start with a letter, and do not end with "-"`,
    )
  }
  return {
    topologyFiles: readNewFile(from),
    scope: readScope(from),
    ...(name === '' ? {} : { topologyName: name }),
  }
}

function readNewFile(from: Reader): readonly string[] {
  const [name = '', ...more] = lines(read('topology-file', from))
  if (more.length > 0) {
    from.refuse('topology-file', `import writes one file, but ${more.length + 1} are given`)
    return []
  }
  const found = from.findNewFile(name)
  if ('file' in found) return [found.file]
  from.refuse('topology-file', found.problem)
  return []
}

function readScope(from: Reader): string {
  const value = from.get('scope')
  const example =
    '/subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.Insights/privateLinkScopes/<name>'
  const id = parseResourceId(value)
  const wanted = `give the id of an Azure Monitor private link scope, ${example}`
  if (value === '') from.refuse('scope', `missing; ${wanted}`)
  else if (id === undefined) from.refuse('scope', `${show(value)} is not a resource id; ${wanted}`)
  else if (!isWritable(id, 'privateLinkScope'))
    from.refuse('scope', `${show(value)} is the id of another type of resource; ${wanted}`)
  return value
}

/** The target to explain, as given; the command looks it up in the topology file and in Azure. */
export function readTarget(from: Reader): string | undefined {
  const [target, ...more] = lines(from.get('target'))
  const forms = 'give a resource id, <resource group>/<name>, or the name of a machine or cluster'
  if (target === undefined) from.refuse('target', `missing; ${forms}`)
  if (more.length > 0) {
    from.refuse(
      'target',
      `explain takes one target, but ${more.length + 1} are given; name the topology file with topology-file`,
    )
  }
  return target
}
