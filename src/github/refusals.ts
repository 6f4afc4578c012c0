/**
 * The remedy for a refusal by GitHub, chosen by its message: it answers 403 for a dozen reasons, and only one of
 * them is a missing permission of the job.
 *
 * `undefined` for an unknown message.
 */
export function remedyForRefusal(
  message: string,
  permission: string | undefined,
): string | undefined {
  const found = refusals.find(({ words }) => words.test(message))
  return found?.remedy(permission)
}

interface Refusal {
  readonly words: RegExp
  readonly remedy: (permission: string | undefined) => string
}

// https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api, and the pages linked below.
const refusals: readonly Refusal[] = [
  {
    // https://docs.github.com/communities/moderating-comments-and-conversations/locking-conversations
    words: /\block(?:ed)?\b/i,
    remedy: () =>
      'The conversation is locked: unlock it on the page of the pull request and run the job again, or leave it locked; nothing else depends on it.',
  },
  {
    words: /archived/i,
    remedy: () => 'The repository is archived and read-only: unarchive it in its settings.',
  },
  {
    // https://docs.github.com/organizations/keeping-your-organization-secure/managing-allowed-ip-addresses-for-your-organization
    words: /IP allow list|IP address is not permitted|not permitted to access/i,
    remedy: () =>
      "The organization has an IP allow list: add the runner's address to it, or use a runner whose address is on it.",
  },
  {
    // https://docs.github.com/authentication/authenticating-with-saml-single-sign-on
    words: /SAML|single sign-on|\bSSO\b/i,
    remedy: () =>
      'The organization requires single sign-on: authorize the token in `github-token` for it (Settings, Tokens, Configure SSO), or pass `${{ github.token }}`, which needs none.',
  },
  {
    // https://docs.github.com/enterprise-server@3.8/rest/repos: REST is versioned since 3.9.
    words:
      /\bdoesn't exist on type\b|\bdoesn't accept argument\b|not a supported (?:api )?version/i,
    remedy: () =>
      'This GitHub server is too old: the action needs GitHub Enterprise Server 3.9 or newer.',
  },
  {
    words: /suspended/i,
    remedy: () =>
      'The installation of the app whose token is in `github-token` is suspended: unsuspend it, or pass `${{ github.token }}`.',
  },
  {
    // https://docs.github.com/communities/moderating-comments-and-conversations/limiting-interactions-in-your-repository
    words: /interactions? (?:on|with) this repository|restricted to|temporarily disabled/i,
    remedy: () =>
      'The repository has a temporary interaction limit (Settings, Moderation options, Interaction limits): lift the limit, or wait until it ends.',
  },
  {
    words: /repository access blocked|repository (?:is )?disabled|billing|spending limit/i,
    remedy: () =>
      'GitHub has disabled the repository: its owner sees the reason on the page of the repository, or under Billing.',
  },
  {
    words: /not accessible by personal access token|resource protected|fine-grained/i,
    remedy: (permission) =>
      permission === undefined
        ? 'Give the personal access token in `github-token` access to this repository, or pass `${{ github.token }}`.'
        : `Give the personal access token in \`github-token\` the permission \`${permission}\` on this repository, or pass \`\${{ github.token }}\`.`,
  },
  {
    words: /not accessible by integration/i,
    remedy: (permission) =>
      permission === undefined
        ? 'Give the token access to this repository.'
        : `Give the job the permission \`${permission}\`; pull requests from forks and Dependabot never get it.`,
  },
]
