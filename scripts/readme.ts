import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { load } from 'js-yaml'

/**
 * Generates the README's tables of inputs and outputs from action.yml.
 *
 * `tsx scripts/readme.ts` writes them; `tsx scripts/readme.ts --check` fails when they don't match
 * action.yml.
 */
function main(check: boolean): void {
  const root = path.join(import.meta.dirname, '..')
  const file = path.join(root, 'README.md')
  const readme = readFileSync(file, 'utf8')
  const wanted = insertTables(readme, readFileSync(path.join(root, 'action.yml'), 'utf8'))
  if (wanted === readme) return
  if (check) throw new Error('README.md does not match action.yml; run: npm run readme')
  writeFileSync(file, wanted)
}

/**
 * Returns the README with both tables updated between their markers: one sentence per row; action.yml has the rest.
 *
 * @throws Error that names the missing marker
 */
export function insertTables(readme: string, action: string): string {
  const { inputs, outputs } = load(action) as {
    inputs: Record<string, { description: string; default?: string }>
    outputs: Record<string, { description: string }>
  }
  const inputRows = Object.entries(inputs).map(
    ([name, input]) =>
      `| \`${name}\` | ${input.default === undefined ? '–' : `\`${input.default}\``} | ${cell(firstOf(input.description))} |`,
  )
  const outputRows = Object.entries(outputs).map(
    ([name, { description }]) => `| \`${name}\` | ${cell(firstOf(description))} |`,
  )
  const inputTable = ['| input | default | |', '|---|---|---|', ...inputRows].join('\n')
  const outputTable = ['| output | |', '|---|---|', ...outputRows].join('\n')
  return insert(insert(readme, 'inputs', inputTable), 'outputs', outputTable)
}

function insert(readme: string, name: string, table: string): string {
  const begin = `<!-- ${name}:begin -->`
  const end = `<!-- ${name}:end -->`
  const from = readme.indexOf(begin)
  const to = readme.indexOf(end)
  if (from < 0 || to < from)
    throw new Error(`README.md has no ${begin} … ${end}; add both where the table belongs.`)
  return `${readme.slice(0, from + begin.length)}\n${table}\n${readme.slice(to)}`
}

/** The first sentence of a description, and the second if the first is very short. */
function firstOf(description: string): string {
  const sentences = description
    .trim()
    .replace(/\s+/g, ' ')
    .split(/(?<=\.) (?=[A-Z`])/)
  const [first = '', second = ''] = sentences
  return first.length < 24 ? `${first} ${second}`.trim() : first
}

function cell(description: string): string {
  return description.trim().replace(/\s+/g, ' ').replaceAll('|', '\\|')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.includes('--check'))
