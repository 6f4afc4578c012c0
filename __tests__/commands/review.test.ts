import { describe, expect, it } from '@jest/globals'
import { compareWithReview } from '../../src/commands/review.ts'
import type { Review, ReviewedPlan } from '../../src/github/reviewedPlan.ts'
import { maxDigests, saltedDigest } from '../../src/render/carried/planData.ts'
import { changesIn } from '../../src/render/parts/changesIn.ts'
import { render } from '../../src/render/render.ts'
import type { Change } from '../../src/plan/plan.ts'
import { context, plan, report } from '../render/builders.ts'
import { manyChanges } from '../render/situations.ts'

const changes = manyChanges(4)
const now = plan(changes)
const salt = context.salt ?? ''
const other = `sha256:${'0'.repeat(64)}`

/** The visible changes of a comment. */
function groupsOf(shown: readonly Change[]) {
  return changesIn(render(report({ plan: plan(shown) }), context).comment) ?? []
}

const digestsOf = (of: readonly Change[]) => of.map(({ digest }) => saltedDigest(salt, digest))

function review(
  digests: readonly string[] | undefined,
  more: Partial<Review> & { readonly fingerprint?: string } = {},
): Review {
  const { fingerprint = now.fingerprint, ...rest } = more
  return {
    pullRequest: 7,
    commentUrl: 'https://github.com/octo-org/platform/pull/7#issuecomment-1',
    plan: {
      formatVersion: 1,
      topology: 'production',
      fingerprint,
      blocked: false,
      salt,
      ...(digests !== undefined && { digests }),
    },
    groups: groupsOf(changes),
    isApplied: false,
    ...rest,
  }
}

const found = (first: Review, ...others: readonly Review[]): ReviewedPlan => ({
  state: 'found',
  reviews: [first, ...others],
})

describe('a plan without a review', () => {
  it.each([
    ['push', 'for this push: Why.', 'through a pull request that gets the plan comment'],
    ['pull_request', 'for this pull request: Why.', 'through a pull request'],
    ['pull_request_target', 'for this pull request: Why.', 'through a pull request'],
    [
      'issue_comment',
      'for this run of the event issue_comment: Why.',
      'A run of issue_comment approves nothing',
    ],
    [
      'repository_dispatch',
      'for this run of the event repository_dispatch: Why.',
      'approves nothing',
    ],
  ])('of the event %s is reported as such', (event, message, remedy) => {
    const { failure } = compareWithReview(now, { state: 'not-found', why: 'Why.' }, event)
    expect(failure).toMatchObject({
      reason: 'plan-not-found',
      message: `No reviewed plan was found ${message}`,
      remedy: expect.stringContaining(remedy),
    })
  })
})

describe('a plan compared with the review', () => {
  it.each([
    ['the same', digestsOf(changes), now.fingerprint, 0],
    ['fewer now', [...digestsOf(changes), 'a'.repeat(32)], other, 1],
  ])('%s: is applied', (_, known, fingerprint, gone) => {
    const { failure, review: comparison } = compareWithReview(
      now,
      found(review(known, { fingerprint })),
    )
    expect(failure).toBeUndefined()
    expect(comparison).toMatchObject({ unreviewed: [], gone })
  })

  it('one is new: nothing is applied, and the report names it', () => {
    const reviewed = found(review(digestsOf(changes.slice(1)), { fingerprint: other }))
    const { failure, review: comparison } = compareWithReview(now, reviewed)
    expect(failure?.reason).toBe('plan-changed')
    expect(failure?.message).toBe(
      `1 of ${changes.length} changes were not in the plan that was reviewed on #7: Azure or the file changed since then. Nothing was applied.`,
    )
    expect(comparison?.unreviewed).toEqual(changes.slice(0, 1))
  })

  it('of two pull requests, each with its part: is applied', () => {
    const [a, b] = [changes.slice(0, 5), changes.slice(5)]
    const first = review(digestsOf(a), { groups: groupsOf(a) })
    const second = review(digestsOf(b), { groups: groupsOf(b), pullRequest: 6 })
    expect(compareWithReview(now, found(first, second)).failure).toBeUndefined()
    const { failure } = compareWithReview(
      now,
      found(second, first.pullRequest === 7 ? review([], { groups: [] }) : first),
    )
    expect(failure?.message).toContain('reviewed on #6 or #7')
  })
})

describe('a comment whose hidden part has more than its visible part', () => {
  it('approves only what is shown', () => {
    const shown = changes.slice(0, 2)
    const widened = review(digestsOf(changes), { groups: groupsOf(shown) })
    expect(compareWithReview(now, found(widened)).review?.unreviewed).toEqual(changes.slice(2))
  })

  it('approves nothing under "nothing to do", and a bare fingerprint nothing under a greeting', () => {
    for (const body of ['## ✅ production: nothing to do', 'hello']) {
      const groups = changesIn(body) ?? []
      for (const digests of [digestsOf(changes), undefined]) {
        const { failure } = compareWithReview(now, found(review(digests, { groups })))
        expect(failure?.reason).toBe('plan-changed')
      }
    }
  })
})

describe('a plan of more changes than a comment holds', () => {
  const many = plan(manyChanges(1400))
  const groups = groupsOf(many.changes)
  const long = (more: Partial<Review> = {}) => ({
    ...review(undefined, { fingerprint: many.fingerprint, groups }),
    ...more,
  })

  it('is too long to list', () => {
    expect(many.changes.length).toBeGreaterThan(maxDigests)
  })

  it('is applied when it matches exactly', () => {
    expect(compareWithReview(many, found(long())).failure).toBeUndefined()
  })

  it('is refused when it differs, with the reason', () => {
    const changed = { ...long(), plan: { ...long().plan, fingerprint: other } }
    const { failure } = compareWithReview(many, found(changed))
    expect(failure?.reason).toBe('plan-changed')
    expect(failure?.message).toBe(
      `The reviewed plan has too many changes to list in its comment, so the plan must match it exactly; the ${many.changes.length} changes planned now differ from the plan that was reviewed on #7: Azure or the file changed since then. Nothing was applied.`,
    )
  })

  it('is refused when GitHub could not confirm its author', () => {
    const { failure } = compareWithReview(many, found(long({ unconfirmed: 'It may not.' })))
    expect(failure).toMatchObject({ reason: 'plan-not-found' })
    expect(failure?.remedy).toContain('actions: read')
  })
})

describe('a plan that was listed but not shown completely', () => {
  const some = plan(manyChanges(300))
  const cut = review(digestsOf(some.changes), { groups: groupsOf(some.changes) })

  it('is applied when GitHub confirmed the origin of the comment', () => {
    expect(cut.groups.some((group) => group.cut > 0)).toBe(true)
    expect(compareWithReview(some, found(cut)).failure).toBeUndefined()
  })

  it('is refused when GitHub could not confirm it', () => {
    const { failure } = compareWithReview(some, found({ ...cut, unconfirmed: 'It may not.' }))
    expect(failure).toMatchObject({ reason: 'plan-not-found' })
  })

  it('a short one is still applied, with a warning', () => {
    const short = review(digestsOf(changes), { unconfirmed: 'It may not.' })
    const { failure, diagnostics } = compareWithReview(now, found(short))
    expect(failure).toBeUndefined()
    expect(diagnostics).toMatchObject([{ severity: 'warning', code: 'not-confirmed' }])
  })
})
