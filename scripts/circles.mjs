// Finds circles of imports: of values (they break at load), and of types (they say that two files are one). Prints
// each as the files on it, shortest way round. `node scripts/circles.mjs [folder...]`, default src and simulator.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'

const folders = process.argv.slice(2).length > 0 ? process.argv.slice(2) : ['src', 'simulator']
const files = folders.flatMap((folder) =>
  readdirSync(folder, { recursive: true })
    .map((name) => path.posix.join(folder, String(name).replaceAll('\\', '/')))
    .filter((name) => name.endsWith('.ts')),
)

/** What a file imports from files beside it: [file, whether a value comes of it]. */
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

/** The shortest way from a file back to itself, by breadth first; `undefined` where there is none. */
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
for (const way of ofAll) console.log(`circle: ${[...way, way[0]].join(' → ')}`)
console.log(
  `Circles of imports in ${folders.join(' and ')} (${files.length} files): ${ofValues.length} of values, ${ofAll.length} with types.`,
)
if (ofAll.length > 0) {
  console.error('Move what both need into a file that both import, or pass the value in.')
  process.exitCode = 1
}
