import { expect, it } from '@jest/globals'
import { queryLogAnalytics } from '../../src/azure/query/queryLogAnalytics.ts'
import { fakeArm } from '../azure/connection/support.ts'
import { law, logWorkspace, vm } from '../telemetry/estate.ts'

const semantic = (name: string) => ({
  status: 400,
  body: {
    error: {
      code: 'BadArgumentError',
      innererror: {
        code: 'SemanticError',
        innererror: {
          code: 'SEM0100',
          message: `'where' operator: Failed to resolve table or column expression named '${name}'`,
        },
      },
    },
  },
})
const empty = {
  status: 200,
  body: {
    tables: [
      {
        name: 'PrimaryResult',
        columns: ['R', 'T', 'TimeGenerated', 'ComputerIP', 'Records'].map((name) => ({
          name,
          type: 'string',
        })),
        rows: [],
      },
    ],
  },
}
const key = vm('vm-1').toLowerCase()

it('tables, or the daily cap function, that the service reports as missing are dropped from the query', async () => {
  const replies = [semantic('Syslog'), semantic('_LogOperation'), semantic('Heartbeat')]
  const { arm, sent } = fakeArm((_, nth) => replies[nth - 1] ?? empty)
  const answer = await queryLogAnalytics(arm, logWorkspace(law), ['Heartbeat', 'Syslog'], [key])
  expect(answer).toMatchObject({ state: 'answered', rows: [] })
  expect(sent).toHaveLength(3)
})

it('any other semantic error is our bug: unknown, without endless retries', async () => {
  const { arm, sent } = fakeArm(() => semantic('Odd'))
  const answer = await queryLogAnalytics(arm, logWorkspace(law), ['Heartbeat'], [key])
  expect(answer).toMatchObject({ state: 'refused', reach: 'error' })
  expect(sent).toHaveLength(2)
})
