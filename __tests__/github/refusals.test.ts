import { describe, expect, it } from '@jest/globals'
import { remedyForRefusal } from '../../src/github/refusals.ts'

const permission = 'pull-requests: write'

describe('the remedy for a refusal depends on its message', () => {
  it.each([
    ['Unable to create comment because issue is locked.', 'unlock it'],
    ['Repository was archived so is read-only.', 'archive'],
    [
      'Although you appear to have the correct authorization credentials, the `acme` organization has an IP allow list enabled, and your IP address is not permitted to access this resource.',
      'IP allow list',
    ],
    [
      'Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.',
      'single sign-on',
    ],
    ["Field 'editor' doesn't exist on type 'IssueComment'", 'Enterprise Server 3.9'],
    ['2022-11-28 is not a supported version', 'Enterprise Server 3.9'],
    ['This installation has been suspended', 'suspended'],
    [
      'Interactions on this repository have been restricted to collaborators only',
      'interaction limit',
    ],
    ['Repository access blocked', 'disabled the repository'],
    ['Resource not accessible by personal access token', 'personal access token'],
  ])('%s', (message, words) => {
    const remedy = remedyForRefusal(message, permission) ?? ''
    expect(remedy).toContain(words)
    expect(remedy).not.toContain('Give the job the permission')
  })

  it('and only one of the refusals is about a permission of the job', () => {
    expect(remedyForRefusal('Resource not accessible by integration', permission)).toContain(
      'Give the job the permission `pull-requests: write`',
    )
    expect(remedyForRefusal('Something new', permission)).toBeUndefined()
  })
})
