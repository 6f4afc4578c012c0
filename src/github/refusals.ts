/**
 * What to do about a refusal of GitHub's, by its words: 403 is its number for a dozen things, and only one of
 * them is a permission of the job.
 *
 * `undefined` for words that are not known.
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

// https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api, and the pages named below.
const refusals: readonly Refusal[] = [
  {
    // https://docs.github.com/communities/moderating-comments-and-conversations/locking-conversations
    words: /\block(?:ed)?\b/i,
    remedy: () =>
      'The conversation is locked: unlock it on the page of the pull request and run the job again, or leave it; nothing else hangs on it.',
  },
  {
    words: /archived/i,
    remedy: () =>
      'The repository is archived, so nothing can be written to it: take it out of the archive in its settings.',
  },
  {
    // https://docs.github.com/organizations/keeping-your-organization-secure/managing-allowed-ip-addresses-for-your-organization
    words: /IP allow list|IP address is not permitted|not permitted to access/i,
    remedy: () =>
      "The organization lets only some addresses in: add the runner's address to its IP allow list, or run the job on a runner whose address is on it.",
  },
  {
    // https://docs.github.com/authentication/authenticating-with-saml-single-sign-on
    words: /SAML|single sign-on|\bSSO\b/i,
    remedy: () =>
      'The organization asks for single sign-on: authorize the token of `github-token` for it (Settings, Tokens, Configure SSO), or pass `${{ github.token }}`, which needs none.',
  },
  {
    // https://docs.github.com/enterprise-server@3.8/rest/repos: REST is versioned from 3.9 on.
    words:
      /\bdoesn't exist on type\b|\bdoesn't accept argument\b|not a supported (?:api )?version/i,
    remedy: () =>
      'This GitHub server is too old for what is asked of it: the action needs GitHub Enterprise Server 3.9 or newer.',
  },
  {
    words: /suspended/i,
    remedy: () =>
      'The installation of the app whose token is in `github-token` is suspended: have it resumed, or pass `${{ github.token }}`.',
  },
  {
    // https://docs.github.com/communities/moderating-comments-and-conversations/limiting-interactions-in-your-repository
    words: /interactions? (?:on|with) this repository|restricted to|temporarily disabled/i,
    remedy: () =>
      'Who may write here is limited for now (Settings, Moderation options, Interaction limits): lift the limit, or wait until it ends.',
  },
  {
    words: /repository access blocked|repository (?:is )?disabled|billing|spending limit/i,
    remedy: () =>
      'GitHub has shut the repository: its owner finds the reason on the page of the repository, or under Billing.',
  },
  {
    words: /not accessible by personal access token|resource protected|fine-grained/i,
    remedy: (permission) =>
      permission === undefined
        ? 'Give the personal access token of `github-token` access to this repository, or pass `${{ github.token }}`.'
        : `Give the personal access token of \`github-token\` the permission \`${permission}\` on this repository, or pass \`\${{ github.token }}\`.`,
  },
  {
    words: /not accessible by integration/i,
    remedy: (permission) =>
      permission === undefined
        ? 'Give the token access to this repository.'
        : `Give the job the permission \`${permission}\`; a pull request from a fork or of Dependabot never gets it.`,
  },
]
