import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { expandEstate } from '../../simulator/estate.ts'
import { estate, topology, topologyFile } from '../../simulator/demo/estate.ts'
import { runJob } from '../../simulator/job/job.ts'
import { type Simulator, startSimulator } from '../../simulator/simulator.ts'
import { runtime } from '../support/play.ts'
import { dispatched } from '../support/repository.ts'

/** Whatever happens becomes one annotation and exit 1, and the process ends (contract section 7). */

const files = { [topologyFile]: topology }
let azure: Simulator
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'last-'))
  azure = await startSimulator({ estate: expandEstate(estate) })
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await azure.close()
})

const errorsIn = (stdout: string) => stdout.split('\n').filter((line) => line.startsWith('::error'))

describe('exactly one annotation, a result and no stack trace', () => {
  test.each(['', '{', 'null', '"x"', '\ufeff'])('for the event %j', async (text) => {
    const event = path.join(folder, 'event.json')
    writeFileSync(event, text)
    const job = dispatched(files)
    const result = await runJob(azure, { ...job, env: { GITHUB_EVENT_PATH: event } }, runtime)
    expect(result.exitCode).toBe(1)
    expect(errorsIn(result.stdout)).toHaveLength(1)
    expect(result.stdout).toContain('event')
    expect(result.stdout + result.stderr).not.toMatch(/bug in the action|\n\s+at /)
    expect(result.outputs).toMatchObject({ result: 'failed', 'failure-reason': 'invalid-input' })
  })

  // GitHub's toolkit fails on the second while it loads.
  test.each(['proxy.corp:3128', 'socks5://proxy.corp:1080'])('for the proxy %s', async (proxy) => {
    const result = await runJob(
      azure,
      { ...dispatched(files), env: { HTTPS_PROXY: proxy } },
      runtime,
    )
    expect(result.exitCode).toBe(1)
    expect(errorsIn(result.stdout)).toHaveLength(1)
    expect(result.stdout).toContain('HTTPS_PROXY')
    expect(result.stdout + result.stderr).not.toMatch(
      /bug in the action|\n\s+at |Set the input cloud/,
    )
    expect(result.outputs).toMatchObject({ result: 'failed', 'failure-reason': 'invalid-input' })
  })

  test.each(['', '/nowhere/output'])('for GITHUB_OUTPUT %j', async (output) => {
    const job = dispatched(files)
    const result = await runJob(azure, { ...job, env: { GITHUB_OUTPUT: output } }, runtime)
    expect(result.exitCode).toBe(1)
    expect(errorsIn(result.stdout)).toHaveLength(1)
    expect(result.stdout).toContain('GITHUB_OUTPUT')
    expect(result.stdout + result.stderr).not.toMatch(/bug in the action|\n\s+at |::set-output/)
  })
})

test('a cloud at an IPv6 address works like any other', async () => {
  const other = await startSimulator({ estate: expandEstate(estate), address: '::1' })
  try {
    const job = dispatched(files, { idToken: false, inputs: { 'client-id': '', 'tenant-id': '' } })
    const env = {
      AZURE_TENANT_ID: other.tenant,
      AZURE_CLIENT_ID: '00000000-0000-4000-8000-00000000c11e',
      AZURE_CLIENT_SECRET: 'any',
    }
    const result = await runJob(other, { ...job, env }, runtime)
    expect(result.stdout).not.toContain('::error')
    expect(result.outputs).toMatchObject({ result: 'changes' })
  } finally {
    await other.close()
  }
})

test.each(['400', '1000000000'])(
  'a Retry-After of %s s does not delay the end once the report is out',
  async (wait) => {
    const slow = await startSimulator({ estate: expandEstate(estate) })
    try {
      slow.azure.addFault({
        match: { method: 'GET', path: /amw-weu/ },
        do: { status: 429, headers: { 'retry-after': wait } },
      })
      const result = await runJob(slow, dispatched(files), runtime)
      expect(result.signal).toBeNull()
      expect(result.stderr).not.toContain('TimeoutOverflowWarning')
      expect(result.outputs['result']).toBe('failed')
    } finally {
      await slow.close()
    }
  },
)
