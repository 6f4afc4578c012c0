import { analyse, elements, walk } from '../resourceGraph/kusto.ts'
import type { Column } from '../resourceGraph/tables.ts'
import { compileTabular } from '../resourceGraph/operators.ts'
import { NotSimulated } from '../resourceGraph/refusal.ts'
import type { Cells } from '../resourceGraph/scalar.ts'
import type { Row } from '../resourceGraph/tabular.ts'

/** An unresolved name, and the operator that uses it. */
export class Unresolved extends Error {
  override readonly name = 'Unresolved'
  readonly operator: string
  readonly table: string
  constructor(operator: string, table: string) {
    super(`${operator}: ${table}`)
    this.operator = operator
    this.table = table
  }
}

/** Parses a query with Microsoft's language service against these tables, and evaluates it over their rows (V4). */
export function runKql(
  query: string,
  {
    tables,
    columns,
    now,
  }: {
    readonly tables: ReadonlyMap<string, readonly Row[]>
    readonly columns: readonly Column[]
    readonly now: number
  },
): { readonly columns: readonly Column[]; readonly rows: readonly Cells[] } {
  // A fuzzy union treats a missing table as empty.
  const isFuzzy = /\bunion\s+(?:\w+=\S+\s+)*isfuzzy\s*=\s*true\b/i.test(query)
  const fuzzy = isFuzzy
    ? [...query.matchAll(/\(\s*([A-Za-z_]\w*)\s*\|/g)].map(([, name = '']) => name)
    : []
  const declared = Object.fromEntries([...fuzzy, ...tables.keys()].map((name) => [name, columns]))
  const { tree, findings } = analyse(query, declared)
  const [first] = findings
  if (first !== undefined) {
    const name = query.slice(first.start, first.start + first.length)
    if (first.code === 'KS142' || first.code === 'KS204')
      throw new Unresolved(operatorAt(query), name)
    throw new NotSimulated(`${first.code}: ${first.message}`)
  }
  const [statement, second] = elements(tree, 'Statements')
  const expression = [...walk(statement ?? tree)].find((node) => node.role === 'Expression')
  if (second !== undefined || expression === undefined) throw new NotSimulated('several statements')
  const tabular = compileTabular(expression, () => now)
  const byName = Object.fromEntries([...tables].map(([name, rows]) => [name.toLowerCase(), rows]))
  return { columns: tabular.columns, rows: tabular.run(byName) }
}

function operatorAt(query: string): string {
  return /\|\s*([a-z-]+)/.exec(query)?.[1] ?? 'where'
}
