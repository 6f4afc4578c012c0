#!/usr/bin/env node
// Replaces az and gh in the test of examples/setup.sh: stores what was created in the file STUB_STATE, and answers
// the script's commands as the real ones do. An unknown command fails.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'

const file = process.env.STUB_STATE
const state = existsSync(file)
  ? JSON.parse(readFileSync(file, 'utf8'))
  : {
      apps: {},
      principals: {},
      credentials: {},
      roles: {},
      assignments: [],
      environments: {},
      variables: {},
      changes: [],
    }
const program = basename(process.argv[1])
const args = process.argv.slice(2)
const option = (name) => args[args.indexOf(name) + 1]
const command = args.slice(0, args.findIndex((arg) => arg.startsWith('-')) >>> 0).join(' ')

function fail(message) {
  console.error(message)
  process.exit(1)
}
const tell = (text) => text !== undefined && text !== '' && console.log(text)
function change() {
  state.changes.push([program, ...args])
  if (process.env.STUB_FAIL !== undefined && args.join(' ').includes(process.env.STUB_FAIL)) {
    fail('ERROR: (Forbidden) Insufficient privileges to complete the operation.')
  }
}
const newId = (n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`

const az = {
  'account show': () => tell('99999999-8888-4777-8666-555555555555'),
  'ad app list': () => tell(state.apps[/'(.*)'/.exec(option('--filter'))[1]]),
  'ad app create': () => {
    change()
    tell((state.apps[option('--display-name')] = newId(Object.keys(state.apps).length + 1)))
  },
  'ad sp show': () => state.principals[option('--id')] ?? fail('ERROR: does not exist'),
  'ad sp create': () => {
    change()
    tell((state.principals[option('--id')] = newId(Object.keys(state.principals).length + 101)))
  },
  'ad app federated-credential list': () => {
    const subject = /subject=='(.*)'\]/.exec(option('--query'))[1]
    tell((state.credentials[option('--id')] ?? []).find((one) => one.subject === subject)?.name)
  },
  'ad app federated-credential create': () => {
    change()
    ;(state.credentials[option('--id')] ??= []).push(JSON.parse(option('--parameters')))
  },
  'role definition list': () => tell(state.roles[option('--name')]?.AssignableScopes.join('\n')),
  'role definition create': () => {
    change()
    const role = JSON.parse(option('--role-definition'))
    state.roles[role.Name] = role
  },
  'role definition update': () => {
    change()
    const role = JSON.parse(option('--role-definition'))
    state.roles[role.Name] = role
  },
  'role assignment list': () =>
    tell(
      state.assignments.find(
        (one) => one === [option('--assignee'), option('--role'), option('--scope')].join('|'),
      ),
    ),
  'role assignment create': () => {
    change()
    state.assignments.push(
      [option('--assignee-object-id'), option('--role'), option('--scope')].join('|'),
    )
  },
}
const gh = {
  'auth status': () => undefined,
  'api repos/octo-org/platform': () => tell('main'),
  'api repos/octo-org/platform/actions/oidc/customization/sub': () =>
    tell(process.env.STUB_PREFIX ?? ''),
  'api repos/octo-org/platform/environments/production': () =>
    state.environments.production ? tell('{}') : fail('gh: Not Found (HTTP 404)'),
  'api repos/octo-org/platform/environments/production/deployment-branch-policies': () =>
    tell(state.environments.production?.join('\n')),
  'variable list': () => tell(state.variables[/== "(.*?)"/.exec(option('--jq'))[1]]),
  'variable set': () => {
    change()
    state.variables[args[2]] = option('--body')
  },
  api: () => {
    change()
    if (option('--method') === 'PUT') state.environments.production ??= []
    else state.environments.production.push(option('-f').replace('name=', ''))
  },
}
const found = (program === 'az' ? az : gh)[command.replace(/^variable set .*/, 'variable set')]
if (found === undefined) fail(`The stub of ${program} does not know: ${args.join(' ')}`)
const said = found()
if (typeof said === 'string') tell(said)
writeFileSync(file, JSON.stringify(state))
