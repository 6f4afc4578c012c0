import { inputDefaults, type InputSource } from '../job/inputReader.ts'
import type { Task } from './arguments.ts'
import { findNamedFiles, findNewNamedFile } from './files.ts'
import { offered, type Offered } from './offered.ts'

/** Options set inputs; positional arguments set topology-file, or the input that the command's row chooses. */
export function sourceOf(task: Task, folder: string): InputSource {
  const { inputs, operands, command } = task
  const { inputOf = () => 'topology-file' }: Offered = offered[command]
  const given = new Map<string, string>()
  for (const [name, value] of [
    ...operands.map((word) => [inputOf(word, task), word] as const),
    ...inputs,
  ]) {
    const before = given.get(name)
    given.set(name, before === undefined ? value : `${before}\n${value}`)
  }
  const files = (given.get('topology-file') ?? '').split('\n').filter((file) => file !== '')
  given.set('command', command === 'validate' ? 'plan' : command)
  return {
    get: (name) => given.get(name) ?? '',
    findFiles: (patterns) => {
      const found = findNamedFiles(patterns, folder)
      if (files.length > 0 || found.files.length > 0) return found
      const why = `there is no ${inputDefaults['topology-file']} in ${folder}`
      const how = inputOf('my.yml', task) === 'topology-file' ? '' : '--topology-file '
      return { files: [], problems: [`${why}; name the file: ${command} ${how}my-topology.yml`] }
    },
    findNewFile: (name) => findNewNamedFile(name, folder),
    remedy: `Correct the arguments; see ${command} --help.`,
  }
}
