import { describe, expect, it, test } from '@jest/globals'
import { commands } from '../../src/commands/commands.ts'
import { readInputs } from '../../src/job/inputs.ts'
import { readArguments } from '../../src/terminal/arguments.ts'
import { sourceOf } from '../../src/terminal/source.ts'

/** The error of a command line, with its remedy. */
function errorOf(...args: readonly string[]): string {
  try {
    const request = readArguments(args)
    if (request.what === 'run') readInputs(commands, sourceOf(request, '/nowhere'))
  } catch (error) {
    const { message, remedy } = error as Error & { readonly remedy: string }
    return `${message} » ${remedy}`
  }
  return ''
}

describe('a misspelt command', () => {
  test.each([
    ['pln', 'Did you mean plan?'],
    ['imprt', 'Did you mean import?'],
    ['aply', 'Did you mean apply?'],
    ['appply', 'Did you mean apply?'],
  ])('%s: %s', (word, suggestion) => {
    expect(errorOf(word)).toContain(`There is no command "${word}". » ${suggestion}`)
  })

  it('that resembles apply gets the reason why apply is not available', () => {
    expect(errorOf('aply')).toContain('apply is not available in a terminal')
  })
})

describe('the positional arguments of import', () => {
  const id =
    '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/Microsoft.Insights/privateLinkScopes/hub'

  test.each([
    ['foo', 'scope: "foo" is not a resource id'],
    [id.replace('privateLinkScopes', 'components'), 'is the id of another type of resource'],
  ])('%s: %s, and the form of a scope id', (word, problem) => {
    const error = errorOf('import', word)
    expect(error).toContain(problem)
    expect(error).toContain('privateLinkScopes/<name>')
    expect(error).not.toContain('missing')
  })

  test.each([
    [[id, 'new.yml']],
    [['new.yml', id]],
    [['new.yml', '--scope', id]],
    [['--scope', id, '--topology-file', 'new.yml']],
  ])('%j are a scope and a file', (args) => {
    const request = readArguments(['import', ...args])
    if (request.what !== 'run') throw new Error('not a task')
    const source = sourceOf(request, '/nowhere')
    expect([source.get('scope'), source.get('topology-file')]).toEqual([id, 'new.yml'])
  })

  it('are required', () => {
    expect(errorOf('import')).toContain('scope: missing; give the id of')
  })
})
