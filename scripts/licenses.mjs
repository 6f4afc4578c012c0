// The licences of the packages in dist/, as one text: each package with its version, its licence's name and every
// licence or notice file of its folder. Uses the bundler's own list of modules, because ncc's `--license` omits the
// packages of the main chunk when there is a second chunk.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Their file name in dist/. */
export const licensesFile = 'licenses.txt'

const packageFolder = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/
const licenseFile = /^(licen[cs]e|copying|notice|third-?party-?notices?)([.-].*)?$/i
const line = '-'.repeat(80)

/**
 * The folders of the packages that a bundle holds.
 * `stats` is webpack's report; chunks in `left` (by file name) are skipped.
 */
export function bundledPackages(stats, left = []) {
  const gone = new Set(
    stats.chunks
      .filter(({ files }) => files.some((file) => left.includes(file)))
      .map(({ id }) => id),
  )
  const folders = new Set()
  const walk = (modules, inherited) => {
    for (const module of modules ?? []) {
      // The parts of a concatenated module have no chunk of their own.
      const chunks = module.chunks?.length > 0 ? module.chunks : inherited
      const folder = packageFolder.exec(module.nameForCondition ?? '')?.[0]
      if (folder !== undefined && chunks.some((chunk) => !gone.has(chunk))) folders.add(folder)
      walk(module.modules, chunks)
    }
  }
  walk(stats.modules, [])
  return [...folders].sort()
}

/** The licence text for these packages. A package without any licence is an error: it must not be redistributed. */
export function licensesOf(folders) {
  const packages = folders.map(readPackage)
  packages.sort((a, b) => (a.title < b.title ? -1 : 1))
  const known = new Map(packages.map((each) => [each.title, each]))
  const head = 'dist/ bundles these packages, each under its own licence.\n'
  return `${head}\n${[...known.values()].map(section).join('\n')}`
}

function section({ title, license, homepage, texts }) {
  const about = [title, `License: ${license}`, ...(homepage === '' ? [] : [homepage])]
  return `${line}\n${about.join('\n')}\n${line}\n\n${texts.join('\n\n')}\n`
}

function readPackage(folder) {
  const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const title = `${about.name}@${about.version}`
  const license = spdxOf(about)
  const texts = readdirSync(folder)
    .filter((name) => licenseFile.test(name))
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .map((text) =>
      text
        .replace(/^\uFEFF/, '')
        .replaceAll('\r\n', '\n')
        .trim(),
    )
    .filter((text) => text !== '')
  if (license === '' && texts.length === 0)
    throw new Error(
      `${title} is bundled and states no licence. Find out its licence, or remove the package.`,
    )
  if (texts.length === 0) texts.push(`(The package has no licence text. ${authorOf(about)})`)
  return { title, license: license || 'see below', homepage: homepageOf(about), texts }
}

/** The licence's name from package.json, in all the forms that npm has supported. */
function spdxOf({ license, licenses }) {
  const all = [license, ...(Array.isArray(licenses) ? licenses : [licenses])]
  return all
    .map((each) => (typeof each === 'object' && each !== null ? each.type : each))
    .filter((each) => typeof each === 'string' && each !== '')
    .join(' OR ')
}

function authorOf({ author }) {
  const name = typeof author === 'object' && author !== null ? author.name : author
  return name ? `Its author: ${name}.` : 'It names no author.'
}

function homepageOf({ homepage, repository }) {
  const url = typeof repository === 'object' && repository !== null ? repository.url : repository
  return homepage ?? (url ? url.replace(/^git\+/, '').replace(/\.git$/, '') : '')
}
