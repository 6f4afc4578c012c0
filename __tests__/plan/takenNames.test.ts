import { expect, test } from '@jest/globals'
import {
  lawId,
  link,
  logsFrom,
  logWorkspace,
  proposalOf,
  summarize,
  topology,
  world,
} from './builders.ts'

const file = topology({ logAnalyticsWorkspaces: [logsFrom('logs')] })
const ours = link(lawId('logs'))
const there = { logWorkspaces: [logWorkspace('logs')] }

test.each([
  ['links another resource', { ...ours, linkedResourceId: lawId('other') }],
  [
    'links another resource, in another case',
    {
      ...ours,
      id: ours.id.toUpperCase(),
      name: ours.name.toUpperCase(),
      linkedResourceId: lawId('other'),
    },
  ],
  [
    'links another resource and failed',
    { ...ours, linkedResourceId: lawId('other'), provisioningState: 'Failed' },
  ],
])('A link with our name that %s blocks', (_, taken) => {
  const azure = world({ ...there, links: [taken] })
  expect(summarize(file, azure).problems).toContainEqual(
    expect.stringContaining('error link-name-taken'),
  )
  const [first] = proposalOf(file, azure).plan.diagnostics.filter(
    ({ code }) => code === 'link-name-taken',
  )
  expect(first?.message).toContain(taken.name)
  expect(first?.message).toContain('other')
})

test.each([
  ['links the right resource', [ours]],
  [
    'is not needed, since another link exists',
    [{ ...ours, linkedResourceId: lawId('other') }, link(lawId('logs'), 'theirs')],
  ],
])('A link with our name that %s is not reported', (_, links) => {
  const { problems } = summarize(file, world({ ...there, links }))
  expect(problems.filter((one) => one.includes('link-name-taken'))).toEqual([])
})
