import type { Report } from '../../report.ts'
import type { RenderContext } from '../context.ts'
import { code, link } from '../text/markdown.ts'
import { fileUrl } from '../view.ts'

/** The footer of a findings summary: file, commit and run. */
export function findingsFooter({ file }: Report, context: RenderContext): string {
  const url = fileUrl(context, file)
  const origin = [
    url === undefined ? code(file, 300) : link(file, url),
    context.commitSha === undefined
      ? undefined
      : `commit ${code(context.commitSha.slice(0, 7), 40)}`,
    context.runUrl === undefined ? undefined : link('workflow run', context.runUrl),
  ].filter((part) => part !== undefined)
  return `---\n\n${origin.join(' · ')}.`
}
