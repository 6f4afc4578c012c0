// Renders comments of runs against the simulator (scripts/comments.ts) as GitHub does, into docs/images, at the
// width of a page and of a phone.
//
//   node scripts/pictures.mjs TOOLS [--out=FOLDER] [--whole] [--open] [name or file.md …]
//   node scripts/pictures.mjs TOOLS --parse file.md …     only parses every diagram
//
// TOOLS is a folder with the tools, which are not dependencies of this project; see CONTRIBUTING.md.
// --whole keeps tall pictures uncut, --open unfolds details.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const flags = process.argv.slice(2).filter((arg) => arg.startsWith('--'))
const [folder, ...wanted] = process.argv.slice(2).filter((arg) => !arg.startsWith('--'))
const has = (flag) => flags.includes(flag)
const out = flags.find((flag) => flag.startsWith('--out='))?.slice('--out='.length) ?? 'docs/images'
if (folder === undefined) {
  console.error(
    'Usage: node scripts/pictures.mjs TOOLS; CONTRIBUTING.md says what it must contain.',
  )
  process.exit(1)
}

const tools = createRequire(join(resolve(folder), 'package.json'))
const mermaid = join(resolve(folder), 'node_modules/mermaid/dist/mermaid.min.js')

/** The pictures in docs/images. */
const kept = [
  'planned',
  'nothing-to-do',
  'blocked',
  'applied',
  'failed-half-way',
  'network-problem',
  'verify',
]
const sizes = [
  { suffix: '', width: 900, tallest: 2600 },
  { suffix: '-narrow', width: 390, tallest: 3600 },
]

/** A comment's frame, and GitHub's styles. */
const page = (
  styles,
  body,
  base,
) => `<!doctype html><meta charset="utf-8"><base href="${base}"><style>${styles}
  body { margin: 0; padding: 16px; background: #fff; font-family: 'Liberation Sans', sans-serif }
  .comment { border: 1px solid #d1d9e0; border-radius: 6px; overflow: hidden }
  .author { background: #f6f8fa; border-bottom: 1px solid #d1d9e0; padding: 8px 16px; font-size: 14px }
  .author i { font-style: normal; border: 1px solid #d1d9e0; border-radius: 2em; padding: 0 6px; font-size: 12px }
  .markdown-body { padding: 16px; font-size: 14px; font-family: 'Liberation Sans', 'Noto Sans', 'Noto Color Emoji', sans-serif }
  .picture { text-align: center; border: 1px solid #d1d9e0; border-radius: 6px; padding: 16px; margin-bottom: 16px }
  .picture svg { max-width: 100%; height: auto }
  .cut { position: fixed; inset: auto 0 0; height: 90px; background: linear-gradient(#fff0, #fff) }
</style><div class="comment"><div class="author"><b>github-actions</b> <i>bot</i> commented</div>
<div class="markdown-body">${body}</div></div>`

const executablePath =
  process.env.CHROMIUM ?? execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim()
const browser = await tools('playwright-core').chromium.launch({
  executablePath,
  args: ['--no-sandbox'],
})
try {
  if (has('--parse')) await parseAll(wanted)
  else await drawAll(wanted.length > 0 ? wanted : kept)
} finally {
  await browser.close()
}

/** Parses the diagrams of files with Mermaid itself; a file without one is fine. */
async function parseAll(files) {
  const tab = await browser.newPage()
  await tab.addScriptTag({ path: mermaid })
  let count = 0
  for (const file of files) {
    const blocks = [...readFileSync(file, 'utf8').matchAll(/^```mermaid\n([^]*?)\n```$/gm)]
    for (const [, source] of blocks) {
      count++
      const problem = await tab.evaluate(
        (text) => window.mermaid.parse(text).then(() => '', String),
        source,
      )
      if (problem === '') continue
      console.error(`${file}: ${problem}`)
      process.exitCode = 1
    }
  }
  console.log(`${count} diagrams in ${files.length} files.`)
}

async function drawAll(names) {
  const styles = readFileSync(
    tools.resolve('github-markdown-css/github-markdown-light.css'),
    'utf8',
  )
  mkdirSync(out, { recursive: true })
  const runs = mkdtempSync(join(tmpdir(), 'comments-'))
  if (names.some((name) => !name.endsWith('.md'))) {
    execFileSync(join('node_modules', '.bin', 'tsx'), ['scripts/comments.ts', runs])
  }
  for (const name of names) {
    const file = name.endsWith('.md') ? name : join(runs, `${name}.md`)
    const markdown = readFileSync(file, 'utf8')
    // In comments, unlike in files, GitHub keeps line breaks.
    const breaks = file !== name
    const body = boxes(tools('marked').marked.parse(markdown, { gfm: true, breaks }))
    // Opened as a file, so that pictures beside the Markdown are found.
    const html = join(runs, `${basename(name, '.md')}.html`)
    writeFileSync(html, page(styles, body, pathToFileURL(resolve(file)).href))
    for (const size of sizes) await draw(basename(name, '.md'), html, size)
  }
}

/** Turns GitHub's alerts, which the Markdown parser renders as quotations, into coloured boxes. */
function boxes(html) {
  return html.replace(
    /<blockquote>\s*<p>\[!(CAUTION|WARNING)\](?:<br>)?/g,
    (_, type) =>
      `<blockquote class="markdown-alert markdown-alert-${type.toLowerCase()}"><p class="markdown-alert-title">${type.charAt(0)}${type.slice(1).toLowerCase()}</p><p>`,
  )
}

async function draw(name, html, { suffix, width, tallest }) {
  const tab = await browser.newPage({ viewport: { width, height: 100 } })
  await tab.goto(pathToFileURL(html).href)
  await tab.addScriptTag({ path: mermaid })
  await tab.evaluate(drawDiagrams)
  if (has('--open')) {
    await tab.evaluate(() => document.querySelectorAll('details').forEach((d) => (d.open = true)))
  }
  const [height, needs, copied] = await tab.evaluate(() => [
    document.documentElement.scrollHeight,
    document.documentElement.scrollWidth,
    document.querySelector('pre')?.getBoundingClientRect().top,
  ])
  const shown = has('--whole') ? height : Math.min(height, tallest)
  await tab.setViewportSize({ width, height: shown })
  if (shown < height) {
    await tab.evaluate(() => {
      document.body.style.overflow = 'hidden'
      const cut = document.createElement('div')
      cut.className = 'cut'
      document.body.append(cut)
    })
  }
  const png = await tools('sharp')(await tab.screenshot())
    .png({ palette: true, colours: 64, compressionLevel: 9, effort: 10 })
    .toBuffer()
  await tab.close()
  writeFileSync(join(out, `${name}${suffix}.png`), png)
  const wide = needs > width ? `, too wide: ${needs}` : ''
  const first = copied === undefined ? '' : `, first code at ${Math.round(copied)}`
  console.log(
    `${name}${suffix}: ${width}×${shown} of ${height}${wide}${first}, ${Math.ceil(png.length / 1024)} KB`,
  )
}

/** Runs in the page: replaces the source of every diagram with its drawing, as GitHub does. */
async function drawDiagrams() {
  window.mermaid.initialize({ startOnLoad: false, securityLevel: 'strict' })
  for (const [n, block] of document.querySelectorAll('code.language-mermaid').entries()) {
    const { svg } = await window.mermaid.render(`m${n}`, block.textContent)
    const picture = document.createElement('div')
    picture.className = 'picture'
    picture.innerHTML = svg
    block.parentElement.replaceWith(picture)
  }
}
