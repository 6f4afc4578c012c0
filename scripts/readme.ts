import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { load } from 'js-yaml'

/**
 * Writes the tables of inputs and outputs of the README from action.yml.
 *
 * `tsx scripts/readme.ts` writes them, `tsx scripts/readme.ts --check` fails when they are not as
 * action.yml says.
 */
function main(check: boolean): void {
  const root = path.join(import.meta.dirname, '..')
  const file = path.join(root, 'README.md')
  const readme = readFileSync(file, 'utf8')
  const wanted = insertTables(readme, readFileSync(path.join(root, 'action.yml'), 'utf8'))
  if (wanted === readme) return
  if (check) throw new Error('README.md is not as action.yml says; run: npm run readme')
  writeFileSync(file, wanted)
}

/**
 * The README with both tables between their markers brought up to date: a sentence each, the rest is in action.yml.
 *
 * @throws Error that names the marker when one is missing: nothing is added where nobody asked.
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
    throw new Error(`README.md has no ${begin} … ${end}; put both where the table belongs.`)
  return `${readme.slice(0, from + begin.length)}\n${table}\n${readme.slice(to)}`
}

/** What a page needs of a description: its first sentence, and the next where that is a mere heading. */
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
