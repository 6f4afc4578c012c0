import { expect, it } from '@jest/globals'
import { insertTables } from '../../scripts/readme.ts'

const action = `
inputs:
  command:
    description: >-
      What to do:
      \`a\` | \`b\`.
    default: auto
  client-id:
    description: Who.
outputs:
  result:
    description: What it came to.
`
const readme = `# Title

<!-- inputs:begin -->
old
<!-- inputs:end -->
between
<!-- outputs:begin --><!-- outputs:end -->
`

it('writes both tables between their markers', () => {
  expect(insertTables(readme, action)).toBe(`# Title

<!-- inputs:begin -->
| input | default | |
|---|---|---|
| \`command\` | \`auto\` | What to do: \`a\` \\| \`b\`. |
| \`client-id\` | – | Who. |
<!-- inputs:end -->
between
<!-- outputs:begin -->
| output | |
|---|---|
| \`result\` | What it came to. |
<!-- outputs:end -->
`)
})

it('changes nothing the second time', () => {
  const once = insertTables(readme, action)
  expect(insertTables(once, action)).toBe(once)
})

it.each([
  ['inputs', '# Title\n<!-- outputs:begin --><!-- outputs:end -->'],
  ['outputs', '<!-- inputs:begin --><!-- inputs:end -->'],
  ['outputs', '<!-- inputs:begin --><!-- inputs:end --><!-- outputs:end --><!-- outputs:begin -->'],
])('names the marker that is missing: %s', (name, text) => {
  expect(() => insertTables(text, action)).toThrow(
    `README.md has no <!-- ${name}:begin --> … <!-- ${name}:end -->; add both where the table belongs.`,
  )
})
