// Holds that a change of what users run comes with a line in CHANGELOG.md: compares with the commit that this
// branch left its base at. `node scripts/changelog.mjs [base]`; without one, the base of the pull request that
// GitHub names; where there is neither, there is nothing to compare with, and it says so.
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
    console.log('CHANGELOG.md: in step with what changed.')
  } else {
    console.error(
      `CHANGELOG.md: ${ours.length} files of src/ or action.yml changed since ${base} and no line was added. Add one under [Unreleased] that tells a user what is different.`,
    )
    process.exitCode = 1
  }
}
