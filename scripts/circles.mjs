// Finds import cycles: of values (which break at load), and of types (which suggest that two files are really one).
// Prints each as its shortest path of files. `node scripts/circles.mjs [folder...]`, default src and simulator.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'

const folders = process.argv.slice(2).length > 0 ? process.argv.slice(2) : ['src', 'simulator']
const files = folders.flatMap((folder) =>
  readdirSync(folder, { recursive: true })
    .map((name) => path.posix.join(folder, String(name).replaceAll('\\', '/')))
    .filter((name) => name.endsWith('.ts')),
)

/** The relative imports of a file: [file, whether it imports a value]. */
function importsOf(file) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest)
  return source.statements.flatMap((statement) => {
    const from = statement.moduleSpecifier?.text
    if (from === undefined || !from.startsWith('.')) return []
    const clause = statement.importClause ?? statement.exportClause
    const isType = clause?.isTypeOnly === true || statement.isTypeOnly === true
    const names = clause?.namedBindings?.elements ?? []
    const allTypes =
      names.length > 0 && clause?.name === undefined && names.every((n) => n.isTypeOnly)
    return [[path.posix.join(path.posix.dirname(file), from), !isType && !allTypes]]
  })
}

const imports = new Map(files.map((file) => [file, importsOf(file)]))

/** The shortest path from a file back to itself, by breadth-first search; `undefined` when there is none. */
function circleThrough(start, counts) {
  const cameFrom = new Map()
  const queue = [start]
  for (const file of queue) {
    for (const [to, isValue] of imports.get(file) ?? []) {
      if (!counts(isValue)) continue
      if (to === start) {
        const way = [file]
        while (way[0] !== start) way.unshift(cameFrom.get(way[0]))
        return way
      }
      if (cameFrom.has(to)) continue
      cameFrom.set(to, file)
      queue.push(to)
    }
  }
  return undefined
}

function circles(counts) {
  const found = new Map()
  for (const file of files) {
    const way = circleThrough(file, counts)
    if (way !== undefined) found.set([...way].sort().join(' '), way)
  }
  return [...found.values()]
}

const ofValues = circles((isValue) => isValue)
const ofAll = circles(() => true)
for (const way of ofAll) console.log(`cycle: ${[...way, way[0]].join(' → ')}`)
console.log(
  `Import cycles in ${folders.join(' and ')} (${files.length} files): ${ofValues.length} of values, ${ofAll.length} with types.`,
)
if (ofAll.length > 0) {
  console.error(
    'Move the shared code into a file that both import, or pass the value as a parameter.',
  )
  process.exitCode = 1
}
