import { describe, expect, it } from '@jest/globals'
import { expandEstate } from '../../simulator/estate.ts'
import type { JobResult } from '../../simulator/job/job.ts'
import type { Simulator } from '../../simulator/simulator.ts'
import { run, withSimulator } from '../safety/runs.ts'
import { hub, small } from '../safety/situations.ts'
import {
  githubToken,
  merge,
  opened,
  pushed,
  seedGitHub,
  topologyFile,
} from '../support/repository.ts'

/**
 * Some gateways and proxies echo the secret of the request in their answer. It must be hidden
 * everywhere a user can read, even if nothing in its form marks it as a secret.
 */

const files = { [topologyFile]: small }
const opaque = 'opaque-access-token-0123456789'

function withGitHub(use: (simulator: Simulator) => Promise<void>): Promise<void> {
  return withSimulator({ estate: expandEstate(hub), github: seedGitHub() }, use)
}

/** Everything that a user can read of a run; commands that mask a secret go only to the runner. */
function readable(result: JobResult, { github }: Simulator): string {
  const log = `${result.stdout}\n${result.stderr}`.replace(/^::add-mask::.*$/gm, '')
  const comments = (github?.comments ?? []).map(({ body }) => body)
  const written = ['plan-json', 'plan-markdown', 'egress-fqdns'].map((name) => result.file(name))
  return [log, JSON.stringify(result.outputs), result.summary, ...comments, ...written].join('\n')
}

function expectHidden(secret: string, words: string, result: JobResult, simulator: Simulator) {
  const text = readable(result, simulator)
  expect(text).toContain(words)
  expect(text).not.toContain(secret)
}

describe('an echoed secret', () => {
  it('by Azure in the answer to a read: a token without a known form', () =>
    withGitHub(async (simulator) => {
      simulator.azure.addFault({
        match: { host: 'entra', path: /\/token$/ },
        do: { status: 200, body: { access_token: opaque, expires_in: 3600, token_type: 'Bearer' } },
      })
      simulator.azure.addFault({
        match: { host: 'arm', path: /^\/(?:subscriptions|providers)\// },
        do: {
          status: 403,
          body: { error: { code: 'Odd', message: `Not with ${opaque}, and not at all.` } },
        },
      })
      const result = await run(simulator, opened(files))
      expect(result.outputs['result']).toBe('failed')
      expectHidden(opaque, 'and not at all', result, simulator)
    }))

  it('by GitHub when it refuses the plan comment', () =>
    withGitHub(async (simulator) => {
      simulator.github?.addFault({
        match: { method: 'POST', path: /\/comments$/ },
        do: { status: 403, body: { message: `token ${githubToken} may not write` } },
      })
      const result = await run(simulator, opened(files))
      expect(result.outputs['result']).toBe('changes')
      expectHidden(githubToken, 'may not write', result, simulator)
    }))

  it('by GitHub when it refuses to return the reviewed plan', () =>
    withGitHub(async (simulator) => {
      await run(simulator, opened(files))
      merge(simulator)
      simulator.github?.addFault({
        match: { method: 'GET', path: /\/pulls$/ },
        do: { status: 403, body: { message: `token ${githubToken} may not look` } },
      })
      const result = await run(simulator, pushed(files))
      expect(result.outputs['failure-reason']).toBe('github-error')
      expectHidden(githubToken, 'may not look', result, simulator)
    }))

  it('by the provider of the OIDC token', () =>
    withGitHub(async (simulator) => {
      const { requestToken } = simulator.oidc
      simulator.azure.addFault({
        match: { host: 'oidc' },
        do: { status: 403, body: { message: `no token for ${requestToken}, sorry` } },
      })
      const result = await run(simulator, opened(files))
      expect(result.outputs['failure-reason']).toBe('auth-failed')
      expect(readable(result, simulator)).not.toContain(requestToken)
    }))

  it('by Entra: the client secret', () =>
    withGitHub(async (simulator) => {
      const secret = 'Zm9v~a-secret-that-nobody-should-see'
      simulator.azure.addFault({
        match: { host: 'entra', path: /\/token$/ },
        do: {
          status: 401,
          body: {
            error: 'invalid_client',
            error_description: `AADSTS7000215: Invalid client secret ${secret} provided.`,
            error_codes: [7000215],
          },
        },
      })
      const env = {
        AZURE_CLIENT_ID: '00000000-0000-4000-8000-00000000c11e',
        AZURE_TENANT_ID: simulator.tenant,
        AZURE_CLIENT_SECRET: secret,
      }
      const inputs = { 'client-id': '', 'tenant-id': '' }
      const result = await run(simulator, opened(files, { env, inputs }))
      expect(result.outputs['failure-reason']).toBe('auth-failed')
      expectHidden(secret, 'Invalid client secret', result, simulator)
    }))
})
