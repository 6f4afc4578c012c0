import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { getLanguageService } from 'yaml-language-server'
import { schemaFile } from '../scripts/schema.ts'

/** The schema in the language server that editors run (YAML extension of VS Code, Neovim, Helix, JetBrains by plug-in). */
const schema = readFileSync(schemaFile, 'utf8')
type Service = ReturnType<typeof getLanguageService>
type Given = Parameters<typeof getLanguageService>[0]

const service: Service = getLanguageService({
  schemaRequestService: () => Promise.resolve(schema),
  workspaceContext: { resolveRelativePath: (path: string) => path },
  connection: { onRequest: () => undefined },
  telemetry: { send: () => undefined, sendError: () => undefined, sendTrack: () => undefined },
  yamlSettings: {},
  clientCapabilities: {
    textDocument: { completion: { completionItem: { snippetSupport: true } } },
  },
} as unknown as Given)
service.configure({
  ...{ validate: true, hover: true, completion: true, isKubernetes: false, customTags: [] },
  schemas: [
    {
      uri: 'file:///topology.schema.json',
      fileMatch: ['*.yml'],
      schema: JSON.parse(schema) as object,
    },
  ],
})

let count = 0
/** The document without its `|`, and the position of the `|`. */
function at(text: string): {
  document: TextDocument
  position: { line: number; character: number }
} {
  const before = text.slice(0, Math.max(0, text.indexOf('|'))).split('\n')
  const document = TextDocument.create(
    `file:///${(count += 1)}.yml`,
    'yaml',
    1,
    text.replace('|', ''),
  )
  return { document, position: { line: before.length - 1, character: before.at(-1)?.length ?? 0 } }
}

async function offered(text: string): Promise<ReadonlyMap<string, string>> {
  const { document, position } = at(text)
  const { items } = await service.doComplete(document, position, false)
  return new Map(items.map(({ label, insertText }) => [label, insertText ?? '']))
}

async function problems(text: string): Promise<readonly string[]> {
  const found = await service.doValidation(at(text).document, false)
  return found.map(({ message }) => message)
}

const head = `version: 1
name: production
subscription: 11111111-1111-1111-1111-111111111111
privateLinkScope: rg-monitor/ampls-hub
`

describe('the schema in yaml-language-server', () => {
  test('the snippet for an empty file has the required keys, and is valid', async () => {
    const snippet = (await offered('|')).get('topology') ?? ''
    const filled = snippet.replace(/\$\{\d:([^}]*)\}/g, '$1')
    expect(filled).toBe(head.trimEnd())
    expect(await problems(filled)).toEqual([])
  })

  test('the hover of a key has a description and an example that renders', async () => {
    const { document, position } = at('version: 1\nna|me: production\n')
    const hover = await service.doHover(document, position)
    expect(JSON.stringify(hover?.contents)).toMatch(/#### Name.*```yaml\\nname: production\\n```/)
  })

  test('the message for an invalid value is a sentence, not a regular expression', async () => {
    expect(await problems(head.replace('production', 'Prod_1'))).toEqual([
      'This must be 2 to 20 lower-case letters, digits and "-", starting with a letter and not ending with "-".',
    ])
  })

  test.each([
    ['resource: rg-app/vm-01', ['metrics', 'logs']],
    ['select:\n      tags: { env: prod }', ['exclude', 'metrics', 'logs']],
  ])('beside `%s` only the allowed keys are offered', async (entry, keys) => {
    const all = await offered(`${head}machines:\n  - ${entry}\n    |\n`)
    expect([...all.keys()]).toEqual(keys)
  })

  test('the values of a choice are offered', async () => {
    const all = await offered(`${head}accessModes:\n  ingestion: |\n`)
    expect([...all.keys()]).toEqual(['Open', 'PrivateOnly'])
  })
})
