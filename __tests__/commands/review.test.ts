import { describe, expect, it } from '@jest/globals'
import { holdAgainstReview } from '../../src/commands/review.ts'
import type { ReviewedPlan } from '../../src/github/reviewedPlan.ts'
import { shortDigest } from '../../src/render/carried/planData.ts'
import { manyChanges } from '../render/situations.ts'
import { plan } from '../render/builders.ts'

const changes = manyChanges(4)
const now = plan(changes)

function reviewed(digests: readonly string[] | undefined, fingerprint = now.fingerprint) {
  return {
    state: 'found',
    pullRequest: 7,
    commentUrl: 'https://github.com/octo-org/platform/pull/7#issuecomment-1',
    plan: {
      formatVersion: 1,
      topology: 'production',
      fingerprint,
      blocked: false,
      ...(digests !== undefined && { digests }),
    },
  } satisfies ReviewedPlan
}

const other = `sha256:${'0'.repeat(64)}`
const digests = changes.map(({ digest }) => shortDigest(digest))

describe('a plan against what was reviewed', () => {
  it.each([
    ['the same', digests, now.fingerprint, 0],
    ['fewer now', [...digests, 'AAAAAAAAAAAA'], other, 1],
    ['the same, too many to be named', undefined, now.fingerprint, 0],
  ])('%s: is applied', (_, known, fingerprint, gone) => {
    const { failure, review } = holdAgainstReview(now, reviewed(known, fingerprint))
    expect(failure).toBeUndefined()
    expect(review).toMatchObject({ unreviewed: [], gone })
  })

  it('one is new: nothing is applied, and it is told which', () => {
    const { failure, review } = holdAgainstReview(now, reviewed(digests.slice(1), other))
    expect(failure?.reason).toBe('plan-changed')
    expect(failure?.message).toBe(
      `1 of ${changes.length} changes were not in the plan that was reviewed on #7: Azure or the file changed since. Nothing was applied.`,
    )
    expect(review?.unreviewed).toEqual(changes.slice(0, 1))
  })

  it('too many to be named, and not exactly the same: nothing is applied, and it is told why', () => {
    const { failure, review } = holdAgainstReview(now, reviewed(undefined, other))
    expect(failure?.reason).toBe('plan-changed')
    expect(failure?.message).toBe(
      `The plan has more changes than its comment could name one by one, so it must be met exactly; the ${changes.length} changes of now are not exactly the plan that was reviewed on #7: Azure or the file changed since. Nothing was applied.`,
    )
    expect(review?.unreviewed).toEqual(changes)
  })
})
