// Checks that a change of src/ or action.yml comes with a line in CHANGELOG.md: compares with the merge base of this
// branch. `node scripts/changelog.mjs [base]`; by default the base of the pull request in GitHub's environment;
// without either there is nothing to compare with, and it says so.
import { execFileSync } from 'node:child_process'

const git = (...args) => execFileSync('git', args, { encoding: 'utf8' }).trim()
const named = process.env.GITHUB_BASE_REF ?? ''
const base = process.argv[2] ?? (named === '' ? undefined : `origin/${named}`)

if (base === undefined) {
  console.log('CHANGELOG.md: no base to compare with (give a commit, or run it in a pull request).')
} else {
  const changed = git('diff', '--name-only', `${git('merge-base', base, 'HEAD')}..HEAD`).split('\n')
  const ours = changed.filter((name) => name.startsWith('src/') || name === 'action.yml')
  if (ours.length === 0 || changed.includes('CHANGELOG.md')) {
    console.log('CHANGELOG.md: has a line for this change, or needs none.')
  } else {
    console.error(
      `CHANGELOG.md: ${ours.length} files of src/ or action.yml changed since ${base} and no line was added. Add one under [Unreleased] that tells users what has changed.`,
    )
    process.exitCode = 1
  }
}
