import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

const root = path.join(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')

/** A file for users, or a block of one of our pages; the name says where it is. */
export interface Shown {
  readonly name: string
  readonly text: string
}

/** The files in the repository, or in its next commit. */
export const files: readonly string[] = execFileSync(
  'git',
  ['ls-files', '-z', '-co', '--exclude-standard'],
  { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 },
)
  .split('\0')
  .filter((file) => file !== '' && existsSync(path.join(root, file)))

/** Every Markdown page, except those of the tests. */
export const pages = files.filter((file) => file.endsWith('.md') && !file.startsWith('__tests__/'))

/** Every block of YAML in the pages for users. */
const snippets: readonly Shown[] = pages
  .filter((file) => !file.includes('/') || file.startsWith('docs/'))
  .flatMap((file) =>
    [...read(file).matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map((match) => ({
      name: `${file}, line ${read(file).slice(0, match.index).split('\n').length + 1}`,
      text: match[1] ?? '',
    })),
  )
const isWorkflow = ({ text }: Shown) => /^jobs:/m.test(text)

function yamlFiles(folder: string): readonly Shown[] {
  return readdirSync(path.join(root, folder))
    .filter((file) => file.endsWith('.yml'))
    .map((file) => ({ name: `${folder}/${file}`, text: read(`${folder}/${file}`) }))
}

/** The topology files in our pages and examples. */
export const topologies = [...snippets.filter((s) => !isWorkflow(s)), ...yamlFiles('examples')]
/** The workflows in our pages and examples. */
export const workflowsForUsers = [
  ...snippets.filter(isWorkflow),
  ...yamlFiles('examples/workflows'),
]
/** The workflows for users and our own. */
export const workflows = [...workflowsForUsers, ...yamlFiles('.github/workflows')]
