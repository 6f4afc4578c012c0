import { describe, expect, it } from '@jest/globals'
import { explainTrap } from '../../../src/azure/signIn/subjectTraps.ts'

describe('a subject for which a credential is offered', () => {
  it.each([
    'repo:acme/monitoring:pull_request',
    'repo:acme/monitoring:ref:refs/heads/main',
    'repo:acme/monitoring:environment:production',
    'repo:acme@123456/monitoring@456789:environment:production',
    'repository_owner:acme:repository_id:456789:environment:production',
  ])('%s', (subject) => {
    expect(explainTrap(subject)).toBeUndefined()
  })
})

describe('a subject that never occurs again', () => {
  it('is one of a merge queue’s branch', () => {
    const sha = 'c'.repeat(40)
    const told = explainTrap(
      `repo:acme/monitoring:ref:refs/heads/gh-readonly-queue/release/1/pr-7-${sha}`,
    )
    expect(told).toContain('a merge queue creates a new branch for each group')
    expect(told).toContain('repo:acme/monitoring:environment:<name>')
    expect(told).toContain(
      "claims['sub'] matches 'repo:acme/monitoring:ref:refs/heads/gh-readonly-queue/release/1/*'",
    )
    expect(told).not.toContain('az ad app federated-credential create')
  })

  it.each([
    ['repo:acme/monitoring:ref:refs/pull/7/merge', 'one pull request'],
    ['repo:acme/monitoring:run_id:4711', 'one run'],
    ['repo:acme/monitoring:workflow_sha:abc', 'one commit'],
  ])('%s', (subject, why) => {
    expect(explainTrap(subject)).toContain(why)
  })
})

describe('a subject that other repositories can present', () => {
  it.each([
    'repository_owner:acme',
    'environment:production',
    'job_workflow_ref:acme/shared/.github/workflows/deploy.yml@refs/heads/main',
    'repo:acme/*:pull_request',
    'ref:refs/heads/main',
  ])('%s', (subject) => {
    expect(explainTrap(subject)).toContain('does not name the repository')
  })
})
