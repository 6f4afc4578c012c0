// Runs GitHub's own parser: reads {path: text} as JSON from stdin, writes {path: complaints} to stdout. A separate
// program, run through tsx, because the parser imports JSON in a way that plain Node refuses.
import { text } from 'node:stream/consumers'
import { type ActionsMetadataProvider, validate } from '@actions/languageservice'
import { load } from 'js-yaml'
import { TextDocument } from 'vscode-languageserver-textdocument'

type Metadata = Awaited<ReturnType<ActionsMetadataProvider['fetchActionMetadata']>>

const files = JSON.parse(await text(process.stdin)) as Readonly<Record<string, string>>
const ours = load(files['action.yml'] ?? '') as Metadata

/** Knows the inputs of our action; those of other actions would have to be fetched. */
const actionsMetadataProvider: ActionsMetadataProvider = {
  fetchActionMetadata: ({ name }) =>
    Promise.resolve(name === 'azure-monitor-private-link' ? ours : undefined),
}
const isNotFetched = (message: string) =>
  message.startsWith('Unable to resolve action `') &&
  !message.includes('/azure-monitor-private-link@')

const complaints: Record<string, readonly string[]> = {}
for (const [path, content] of Object.entries(files)) {
  const document = TextDocument.create(`file:///${path}`, 'yaml', 1, content)
  const found = await validate(document, { actionsMetadataProvider })
  complaints[path] = found
    .map(({ range, message }) => ({
      line: range.start.line + 1,
      message: typeof message === 'string' ? message : message.value,
    }))
    .filter(({ message }) => !isNotFetched(message))
    .map(({ line, message }) => `line ${line}: ${message}`)
}
console.log(JSON.stringify(complaints))
