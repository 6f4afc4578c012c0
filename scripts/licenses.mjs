// The licences of what dist/ bundles, as one text: each package with its version, its licence's name and every licence
// or notice file of its folder. Read off the bundler's own list of modules, because ncc's `--license` leaves out the
// packages of the main chunk as soon as there is a second one.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What dist/ carries them in. */
export const licensesFile = 'licenses.txt'

const packageFolder = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/
const licenseFile = /^(licen[cs]e|copying|notice|third-?party-?notices?)([.-].*)?$/i
const line = '-'.repeat(80)

/**
 * The folders of the packages that a bundle holds.
 * `stats` is what webpack tells of it; of `left` chunks (by file name) nothing is taken.
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
      // The parts of a module that was put together from several carry no chunk of their own.
      const chunks = module.chunks?.length > 0 ? module.chunks : inherited
      const folder = packageFolder.exec(module.nameForCondition ?? '')?.[0]
      if (folder !== undefined && chunks.some((chunk) => !gone.has(chunk))) folders.add(folder)
      walk(module.modules, chunks)
    }
  }
  walk(stats.modules, [])
  return [...folders].sort()
}

/** What stands in dist/ of these packages. A package that tells no licence at all is an error: it may not be handed on. */
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
      `${title} is bundled and tells no licence. Find out which it has, or take the package out.`,
    )
  if (texts.length === 0) texts.push(`(The package brings no licence text. ${authorOf(about)})`)
  return { title, license: license || 'see below', homepage: homepageOf(about), texts }
}

/** The licence's name as package.json tells it, in the forms that npm has known. */
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
