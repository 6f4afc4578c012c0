import { parseResourceId } from '../resources/id.ts'
import { topologyName } from '../resources/ownership.ts'
import { isWritable } from '../topology/print/reference.ts'
import { lines, read, type Reader, show } from './inputReader.ts'

/** What an import takes in place of a topology file: where it begins, and the file that it writes. */
export function readImport(from: Reader): {
  readonly topologyFiles: readonly string[]
  readonly scope: string
  readonly topologyName?: string
} {
  const name = from.get('name')
  if (name !== '' && !topologyName.test(name)) {
    from.refuse(
      'name',
      `${show(name)} is not 2 to 20 lower-case letters, digits and "-", the first a letter and the last no "-"`,
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
    from.refuse('topology-file', `an import writes one file, and ${more.length + 1} are named`)
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
  if (value === '') from.refuse('scope', `it is missing, and import begins there: ${example}`)
  else if (id === undefined) from.refuse('scope', `${show(value)} is not a resource id: ${example}`)
  else if (!isWritable(id, 'privateLinkScope')) {
    from.refuse(
      'scope',
      `${show(value)} is not the id of an Azure Monitor private link scope: ${example}`,
    )
  }
  return value
}

/** One target: which resource it is, the file and Azure say. */
export function readTarget(from: Reader): string | undefined {
  const [target, ...more] = lines(from.get('target'))
  const forms = 'give a resource id, <resource group>/<name>, or the name of a machine or cluster'
  if (target === undefined) from.refuse('target', `it is missing, and explain is of one; ${forms}`)
  if (more.length > 0) {
    from.refuse(
      'target',
      `explain is of one target, and ${more.length + 1} are named; the topology file is named by topology-file`,
    )
  }
  return target
}
