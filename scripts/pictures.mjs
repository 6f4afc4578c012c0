// Draws the comment as GitHub would show it: docs/images/*.png, at the width of a page and of a phone,
// from the golden comments of __tests__/render/golden. Needs tools that this project does not depend
// on (CONTRIBUTING.md says how to install them): node scripts/pictures.mjs FOLDER [name …]
// With --out=FOLDER the pictures go elsewhere; with --open, folded parts are shown open.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'

const args = process.argv.slice(2).filter((arg) => !arg.startsWith('--'))
const [folder, ...wanted] = args
const option = (name) => process.argv.find((arg) => arg.startsWith(`--${name}`))?.split('=')[1] ?? (process.argv.includes(`--${name}`) ? '' : undefined)
if (folder === undefined) {
  console.error('node scripts/pictures.mjs FOLDER: the folder in which the tools are installed')
  process.exit(1)
}
const tools = createRequire(join(resolve(folder), 'package.json'))
const { chromium } = tools('playwright-core')
const { marked } = tools('marked')
const sharp = tools('sharp')
const styles = readFileSync(tools.resolve('github-markdown-css/github-markdown-light.css'), 'utf8')
const mermaid = join(resolve(folder), 'node_modules/mermaid/dist/mermaid.min.js')

const golden = 'article-planned nothing-to-do thousands-of-changes blocked applied failed-half-way'.split(' ')
const widths = { '': 900, '-narrow': 390 }
/** Taller pictures are cut: what is below stays in the golden. */
const tallest = { 900: 2600, 390: 3600 }
const out = option('out') ?? 'docs/images'

const page = (body) => `<!doctype html><meta charset="utf-8"><style>${styles}
  body { margin: 0; padding: 16px; background: #fff; font-family: -apple-system, 'Liberation Sans', sans-serif }
  .comment { border: 1px solid #d1d9e0; border-radius: 6px; overflow: hidden }
  .author { background: #f6f8fa; border-bottom: 1px solid #d1d9e0; padding: 8px 16px; font-size: 14px; color: #59636e }
  .author b { color: #1f2328 } .author i { font-style: normal; border: 1px solid #d1d9e0; border-radius: 2em; padding: 0 6px; font-size: 12px }
  .markdown-body { padding: 16px; font-size: 14px; font-family: 'Liberation Sans', 'Noto Sans', sans-serif, 'Noto Color Emoji' }
  .mermaid-picture { text-align: center; border: 1px solid #d1d9e0; border-radius: 6px; padding: 16px; margin-bottom: 16px }
  .mermaid-picture svg { max-width: 100%; height: auto }
  .cut { position: fixed; bottom: 0; left: 0; right: 0; height: 90px; background: linear-gradient(#fff0, #fff) }
</style><div class="comment"><div class="author"><b>github-actions</b> <i>bot</i> commented</div>
<div class="markdown-body">${body}</div></div>`

/** GitHub turns the line end before a line that isn't blank into a space in comments' HTML, and leaves comments out. */
function toHtml(markdown) {
  return marked.parse(markdown, { gfm: true, breaks: true })
}

async function drawMermaid(tab) {
  await tab.addScriptTag({ path: mermaid })
  return await tab.evaluate(async () => {
    window.mermaid.initialize({ startOnLoad: false, securityLevel: 'strict' })
    let n = 0
    for (const block of document.querySelectorAll('code.language-mermaid')) {
      const { svg } = await window.mermaid.render(`m${n++}`, block.textContent)
      const picture = document.createElement('div')
      picture.className = 'mermaid-picture'
      picture.innerHTML = svg
      block.parentElement.replaceWith(picture)
    }
    return n
  })
}

const executablePath =
  process.env.CHROMIUM ?? execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim()
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
mkdirSync(out, { recursive: true })
for (const name of wanted.length > 0 ? wanted : golden) {
  const file = name.endsWith('.md') ? name : `__tests__/render/golden/${name}.md`
  const markdown = readFileSync(file, 'utf8')
  const stem = name.split('/').at(-1).replace(/\.md$/, '')
  for (const [suffix, width] of Object.entries(widths)) {
    const tab = await browser.newPage({ viewport: { width, height: 900 }, deviceScaleFactor: width < 500 ? 1.5 : 1 })
    await tab.setContent(page(toHtml(markdown)))
    await drawMermaid(tab)
    if (option('open') !== undefined) {
      await tab.evaluate(() => document.querySelectorAll('details').forEach((d) => (d.open = true)))
    }
    const height = await tab.evaluate(() => document.documentElement.scrollHeight)
    const overflow = await tab.evaluate(() => document.documentElement.scrollWidth)
    const shown = Math.min(height, option('whole') !== undefined ? 16000 : tallest[width])
    await tab.setViewportSize({ width, height: shown })
    if (shown < height) await tab.evaluate(() => { document.body.style.overflow = 'hidden'; document.body.append(Object.assign(document.createElement('div'), { className: 'cut' })) })
    const png = await tab.screenshot()
    await tab.close()
    const small = await sharp(png).png({ palette: true, colours: 64, compressionLevel: 9, effort: 10 }).toBuffer()
    writeFileSync(join(out, `${stem}${suffix}.png`), small)
    console.log(`${stem}${suffix}.png: ${markdown.length} characters, ${width}×${shown} of ${height}${overflow > width ? `, OVERFLOWS to ${overflow}` : ''}, ${Math.round(small.length / 1024)} KB`)
  }
}
await browser.close()
