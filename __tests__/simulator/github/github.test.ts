import { beforeEach, describe, expect, it } from '@jest/globals'
import { parseDocument } from '../../../simulator/github/graphqlParser.ts'
import {
  ConnectionReset,
  createGitHub,
  type GitHubSimulator,
} from '../../../simulator/github/github.ts'

const token = 'ghs_token'
let github: GitHubSimulator
beforeEach(() => {
  github = createGitHub({
    repository: { owner: 'octo-org', name: 'octo-repo', defaultBranch: 'main' },
    token,
    pulls: [
      { number: 7, head: { sha: 'head', repository: 'fork/octo-repo' } },
      { number: 8, mergedAt: '2026-01-02T00:00:00Z', mergeCommitSha: 'merge' },
    ],
    comments: [{ issue: 7, body: 'first' }],
    files: { main: { 'a/b.yml': 'text', 'c.md': 'more' } },
  })
})

interface Options {
  readonly body?: unknown
  readonly query?: string
  readonly headers?: Record<string, string>
}

async function question(
  method: string,
  path: string,
  { body, query = '', headers = {} }: Options = {},
) {
  const answer = await github.handle({
    method,
    path,
    query: new URLSearchParams(query),
    headers: {
      'user-agent': 'test',
      authorization: `token ${token}`,
      host: 'api.test',
      ...headers,
    },
    body: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body),
  })
  const isJson = answer.headers['content-type']?.startsWith('application/json') ?? false
  const data: unknown = isJson ? JSON.parse(answer.body) : answer.body
  return { status: answer.status, headers: answer.headers, data }
}
const repo = '/repos/octo-org/octo-repo'
const comments = `${repo}/issues/7/comments`
const graphql = async (query: string, variables?: object) =>
  (await question('POST', '/graphql', { body: { query, variables } })).data

describe('permissions', () => {
  it.each([
    ['no token', { authorization: '' }, 401, 'Requires authentication'],
    ['another token', { authorization: 'Bearer no' }, 401, 'Bad credentials'],
  ])('%s', async (_, headers, status, message) => {
    expect(await question('GET', repo, { headers })).toMatchObject({
      status,
      data: { message, status: String(status), documentation_url: expect.any(String) },
    })
  })

  it('a client without a user agent', async () => {
    const answer = await question('GET', repo, { headers: { 'user-agent': '' } })
    expect(answer).toMatchObject({ status: 403, data: expect.stringContaining('User-Agent') })
  })

  it('a token that only reads', async () => {
    github.knobs.readOnly = true
    expect(await question('POST', comments, { body: { body: 'x' } })).toMatchObject({
      status: 403,
      data: { message: 'Resource not accessible by integration' },
    })
    expect(await question('GET', comments)).toMatchObject({ status: 200 })
  })

  it.each(['/repos/octo-org/other', '/repos/octo-org/octo-repo/nothing', '/nothing'])(
    'what is not there: %s',
    async (path) => {
      expect(await question('GET', path)).toMatchObject({
        status: 404,
        data: { message: 'Not Found' },
      })
    },
  )

  it('a workflow that asks for its own account', async () => {
    expect(await question('GET', '/user')).toMatchObject({ status: 403 })
    github.state.login = 'octocat'
    expect(await question('GET', '/user')).toMatchObject({
      data: { login: 'octocat', type: 'User' },
    })
  })
})

describe('comments', () => {
  it('are shown as GitHub shows them', async () => {
    const { data } = await question('GET', comments)
    expect(data).toEqual([
      {
        id: 3000000001,
        node_id: 'IC_Y29tbWVudDozMDAwMDAwMDAx',
        url: 'http://api.test/repos/octo-org/octo-repo/issues/comments/3000000001',
        html_url: 'https://github.com/octo-org/octo-repo/pull/7#issuecomment-3000000001',
        issue_url: 'http://api.test/repos/octo-org/octo-repo/issues/7',
        user: {
          login: 'github-actions[bot]',
          type: 'Bot',
          site_admin: false,
          html_url: 'https://github.com/apps/github-actions',
        },
        created_at: '2026-01-01T00:00:02Z',
        updated_at: '2026-01-01T00:00:02Z',
        author_association: 'NONE',
        body: 'first',
        performed_via_github_app: null,
      },
    ])
  })

  it('are created, changed and deleted', async () => {
    const created = await question('POST', comments, { body: { body: 'new' } })
    expect(created).toMatchObject({ status: 201, data: { id: 3000000002, body: 'new' } })
    const path = `${repo}/issues/comments/3000000002`
    expect(await question('PATCH', path, { body: { body: 'changed' } })).toMatchObject({
      status: 200,
      data: { body: 'changed' },
    })
    expect(await question('GET', path)).toMatchObject({ data: { body: 'changed' } })
    expect(await question('DELETE', path)).toMatchObject({ status: 204 })
    for (const method of ['GET', 'PATCH', 'DELETE'])
      expect(await question(method, path, { body: { body: 'x' } })).toMatchObject({ status: 404 })
  })

  it('come 30 a page, 100 at most, with links to the others', async () => {
    for (let n = 0; n < 250; n++) github.state.addComment(7, `${n}`, 'octocat')
    const first = await question('GET', comments)
    expect(first.data).toHaveLength(30)
    expect(first.headers.link).toBe(
      `<http://api.test${comments}?page=2>; rel="next", <http://api.test${comments}?page=9>; rel="last"`,
    )
    expect((await question('GET', comments, { query: 'per_page=500' })).data).toHaveLength(100)
    const last = await question('GET', comments, { query: 'per_page=100&page=3' })
    expect(last.data).toHaveLength(51)
    expect(last.headers.link).toBe(
      `<http://api.test${comments}?per_page=100&page=2>; rel="prev", <http://api.test${comments}?per_page=100&page=1>; rel="first"`,
    )
  })

  it.each([
    ['without a body', {}, { code: 'missing_field', field: 'body' }],
    ['with a blank body', { body: ' ' }, { code: 'missing_field', field: 'body' }],
    [
      'too long',
      { body: 'x'.repeat(65_537) },
      {
        code: 'unprocessable',
        field: 'data',
        message: 'Body is too long (maximum is 65536 characters)',
      },
    ],
  ])('are refused %s', async (_, body, error) => {
    expect(await question('POST', comments, { body })).toMatchObject({
      status: 422,
      data: { message: 'Validation Failed', errors: [{ resource: 'IssueComment', ...error }] },
    })
  })

  it('of 65,536 characters are accepted', async () => {
    expect(await question('POST', comments, { body: { body: 'ä'.repeat(65_536) } })).toMatchObject({
      status: 201,
    })
  })

  it('cannot be written without an issue or without JSON', async () => {
    expect(
      await question('POST', `${repo}/issues/99/comments`, { body: { body: 'x' } }),
    ).toMatchObject({
      status: 404,
    })
    expect(await question('POST', comments, { body: '{' })).toMatchObject({
      status: 400,
      data: { message: 'Problems parsing JSON' },
    })
  })
})

describe('pull requests', () => {
  it('one by number', async () => {
    expect(await question('GET', `${repo}/pulls/8`)).toMatchObject({
      data: {
        number: 8,
        merged: true,
        state: 'closed',
        merge_commit_sha: 'merge',
        base: { ref: 'main' },
      },
    })
    expect(await question('GET', `${repo}/pulls/7`)).toMatchObject({
      data: {
        merged: false,
        merged_at: null,
        head: { sha: 'head', repo: { full_name: 'fork/octo-repo', fork: true } },
      },
    })
    expect(await question('GET', `${repo}/pulls/9`)).toMatchObject({ status: 404 })
  })

  it.each([
    ['', [7]],
    ['state=all', [8, 7]],
    ['state=closed', [8]],
    ['state=all&base=other', []],
  ])('in a list with %j', async (query, numbers) => {
    const { data } = await question('GET', `${repo}/pulls`, { query })
    expect((data as { number: number }[]).map(({ number }) => number)).toEqual(numbers)
  })

  it('of a commit, from the merge or the seed', async () => {
    const numbers = async (sha: string) =>
      ((await question('GET', `${repo}/commits/${sha}/pulls`)).data as { number: number }[]).map(
        ({ number }) => number,
      )
    github.state.commitPulls.seeded = [7, 8]
    expect(await numbers('merge')).toEqual([8])
    expect(await numbers('seeded')).toEqual([7, 8])
    expect(await question('GET', `${repo}/commits/none/pulls`)).toMatchObject({
      status: 422,
      data: { message: 'No commit found for SHA: none' },
    })
  })
})

describe('contents', () => {
  const contents = `${repo}/contents`
  it('raw, as JSON, and as a list', async () => {
    const raw = { accept: 'application/vnd.github.raw+json' }
    expect(await question('GET', `${contents}/a/b.yml`, { headers: raw })).toMatchObject({
      status: 200,
      data: 'text',
    })
    expect(await question('GET', `${contents}/a%2Fb.yml`)).toMatchObject({
      data: { type: 'file', path: 'a/b.yml', encoding: 'base64', content: 'dGV4dA==' },
    })
    expect(await question('GET', `${contents}/`)).toMatchObject({
      data: [
        { type: 'dir', name: 'a', path: 'a' },
        { type: 'file', name: 'c.md', path: 'c.md' },
      ],
    })
  })

  it.each([
    ['a file that is not there', 'none.yml', ''],
    ['a commit that is not there', 'a/b.yml', 'ref=none'],
  ])('%s', async (_, path, query) => {
    expect(await question('GET', `${contents}/${path}`, { query })).toMatchObject({ status: 404 })
  })

  it('over 1 MB only raw', async () => {
    const main = github.state.files.main
    if (!main) throw new Error('no files')
    main['big.yml'] = 'x'.repeat(1024 * 1024 + 1)
    expect(await question('GET', `${contents}/big.yml`)).toMatchObject({ data: { content: '' } })
  })
})

describe('commits', () => {
  const commit = (sha: string, date: string, ...paths: string[]) => ({ sha, date, paths })
  beforeEach(() => {
    github.state.commits.push(
      commit('one', '2026-01-01T00:00:00Z', 'a/b.yml'),
      commit('two', '2026-01-02T00:00:00Z', 'c.md'),
      commit('three', '2026-01-03T00:00:00Z', 'a/b.yml', 'c.md'),
    )
  })

  it.each([
    ['', ['three', 'two', 'one']],
    ['path=a/b.yml', ['three', 'one']],
    ['path=a/b.yml&sha=two', ['one']],
    ['path=a/b.yml&sha=main&per_page=1', ['three']],
    ['path=nothing', []],
  ])('are listed newest first: %s', async (query, expected) => {
    const { data } = await question('GET', `${repo}/commits`, { query })
    expect((data as { sha: string }[]).map(({ sha }) => sha)).toEqual(expected)
  })

  it('have a date', async () => {
    const { data } = await question('GET', `${repo}/commits`, { query: 'per_page=1' })
    expect(data).toMatchObject([{ commit: { committer: { date: '2026-01-03T00:00:00Z' } } }])
  })

  it('are not found from a missing commit', async () => {
    const answer = await question('GET', `${repo}/commits`, { query: 'sha=four' })
    expect(answer).toMatchObject({ status: 404 })
  })
})

describe('issues', () => {
  it('show who closed them, while they are closed', async () => {
    await question('POST', `${repo}/issues`, { body: { title: 'Drift' } })
    const closed = await question('PATCH', `${repo}/issues/9`, { body: { state: 'closed' } })
    expect(closed).toMatchObject({ data: { closed_by: { login: 'github-actions[bot]' } } })
    const open = await question('PATCH', `${repo}/issues/9`, { body: { state: 'open' } })
    expect(open).toMatchObject({ data: { closed_by: null, state_reason: 'reopened' } })
    github.state.turnIssue(9, 'closed', 'octocat', 'not_planned')
    expect(await question('GET', `${repo}/issues/9`)).toMatchObject({
      data: { closed_by: { login: 'octocat' }, state_reason: 'not_planned' },
    })
  })

  it('can be opened, changed and closed', async () => {
    const body = { title: 'Drift', body: 'text', labels: ['drift'] }
    expect(await question('POST', `${repo}/issues`, { body })).toMatchObject({
      status: 201,
      data: { number: 9, state: 'open', labels: [{ name: 'drift' }], user: { type: 'Bot' } },
    })
    expect(
      await question('POST', `${repo}/issues/9/comments`, { body: { body: 'c' } }),
    ).toMatchObject({
      data: { html_url: 'https://github.com/octo-org/octo-repo/issues/9#issuecomment-3000000002' },
    })
    expect(
      await question('PATCH', `${repo}/issues/9`, { body: { state: 'closed' } }),
    ).toMatchObject({
      data: {
        state: 'closed',
        state_reason: 'completed',
        closed_at: expect.any(String),
        comments: 1,
      },
    })
    expect(await question('GET', `${repo}/issues/9`)).toMatchObject({ data: { title: 'Drift' } })
    expect(await question('PATCH', `${repo}/issues/99`, { body: {} })).toMatchObject({
      status: 404,
    })
  })

  it.each([
    ['', [7]],
    ['state=all', [9, 8, 7]],
    ['state=all&direction=asc', [7, 8, 9]],
    ['state=all&labels=drift', [9]],
    ['state=all&labels=drift,other', []],
    ['state=all&creator=octocat', [8, 7]],
  ])('are listed with %j, pull requests among them', async (query, numbers) => {
    await question('POST', `${repo}/issues`, { body: { title: 'Drift', labels: ['drift'] } })
    await question('PATCH', `${repo}/issues/9`, { body: { state: 'closed' } })
    const { data } = await question('GET', `${repo}/issues`, { query })
    expect((data as { number: number }[]).map(({ number }) => number)).toEqual(numbers)
  })

  it('refuse a body that is too long when new, and ignore it when not', async () => {
    const body = 'x'.repeat(65_537)
    expect(await question('POST', `${repo}/issues`, { body: { title: 'T', body } })).toMatchObject({
      status: 422,
      data: { errors: [{ message: 'body is too long (maximum is 65536 characters)' }] },
    })
    await question('POST', `${repo}/issues`, { body: { title: 'T', body: 'short' } })
    expect(await question('PATCH', `${repo}/issues/9`, { body: { body } })).toMatchObject({
      status: 200,
      data: { body: 'short' },
    })
  })
})

describe('GraphQL', () => {
  const history = `query History($id: ID!) {
    viewer { login }
    it: node(id: $id) {
      __typename
      ... on IssueComment { body author { __typename login } editor { login } lastEditedAt viewerDidAuthor }
      ... on Issue { title }
    }
  }`

  it('shows an unedited comment', async () => {
    const id = github.comments[0]?.nodeId
    expect(await graphql(history.replace('... on Issue { title }', ''), { id })).toEqual({
      data: {
        viewer: { login: 'github-actions[bot]' },
        it: {
          __typename: 'IssueComment',
          body: 'first',
          author: { __typename: 'Bot', login: 'github-actions' },
          editor: null,
          lastEditedAt: null,
          viewerDidAuthor: true,
        },
      },
    })
  })

  it('shows the editor of a comment', async () => {
    github.editComment(3000000001, 'edited', 'mallory')
    const query =
      'query($ids: [ID!]!) { nodes(ids: $ids) { ...on IssueComment { body editor { __typename login } lastEditedAt } } }'
    expect(await graphql(query, { ids: [github.comments[0]?.nodeId] })).toEqual({
      data: {
        nodes: [
          {
            body: 'edited',
            editor: { __typename: 'User', login: 'mallory' },
            lastEditedAt: expect.any(String),
          },
        ],
      },
    })
  })

  it('does not count a write of the same text as an edit', async () => {
    await question('PATCH', `${repo}/issues/comments/3000000001`, { body: { body: 'first' } })
    expect(github.comments[0]).toMatchObject({ editor: null, lastEditedAt: null })
  })

  it('finds no node', async () => {
    expect(await graphql('{ node(id: "x") { id } }')).toEqual({
      data: { node: null },
      errors: [
        {
          type: 'NOT_FOUND',
          path: ['node'],
          message: "Could not resolve to a node with the global id of 'x'",
        },
      ],
    })
  })

  it.each([
    [
      'a field that is not there',
      '{ viewer { logn } }',
      "Field 'logn' doesn't exist on type 'User'",
    ],
    [
      'a field of the wrong type',
      '{ node(id: "x") { body } }',
      "Field 'body' doesn't exist on type 'Node'",
    ],
    [
      'a type that is not there',
      '{ node(id: "x") { ... on Coment { body } } }',
      "No such type Coment, so it can't be a fragment condition",
    ],
    [
      'no selection',
      '{ viewer }',
      "Field must have selections (field 'viewer' returns User but has no selections)",
    ],
    [
      'a selection too many',
      '{ viewer { login { x } } }',
      "Selections can't be made on scalars (field 'login')",
    ],
    ['no argument', '{ node { id } }', "Field 'node' is missing required arguments: id"],
    [
      'a variable that is missing',
      'query($id: ID!) { node(id: $id) { id } }',
      'Variable $id of type ID! was provided invalid value',
    ],
    ['what is no query', '{ viewer { login }', 'Parse error on end of file'],
    ['a mutation', 'mutation { x }', 'Parse error on "mutation"'],
    ['an odd character', '{ viewer ; }', 'Parse error on ";"'],
  ])('refuses %s', async (_, query, message) => {
    const data = await graphql(query)
    expect(data).toMatchObject({ errors: [{ message }] })
    expect(data).not.toHaveProperty('data')
  })

  it('parses arguments of all kinds', () => {
    const source =
      '# note\nquery Q($a: [ID!]! = ["x"], $b: Int) { f: g(a: $a, n: -1.5, t: true, e: UP, s: "a\\"b", l: [1 2], z: null) }'
    expect(parseDocument(source)).toEqual({
      variables: [
        { name: 'a', type: '[ID!]!', required: false },
        { name: 'b', type: 'Int', required: false },
      ],
      selections: [
        {
          kind: 'field',
          name: 'g',
          alias: 'f',
          args: { a: { variable: 'a' }, n: -1.5, t: true, e: 'UP', s: 'a"b', l: [1, 2], z: null },
          selections: [],
        },
      ],
    })
  })
})

describe('workflow runs', () => {
  const seed = {
    event: 'pull_request',
    path: '.github/workflows/private-link.yml',
    headSha: 'head',
    headBranch: 'topic',
  }
  const runs = `${repo}/actions/runs`

  it('show their workflow, commit and end', async () => {
    const { id } = github.state.startRun(seed)
    expect((await question('GET', `${runs}/${id}`)).data).toMatchObject({
      id,
      event: 'pull_request',
      path: '.github/workflows/private-link.yml',
      head_sha: 'head',
      head_branch: 'topic',
      status: 'in_progress',
      run_attempt: 1,
    })
    github.state.endRun(id, 'success')
    const [first] = github.state.runs[0]?.attempts ?? []
    expect((await question('GET', `${runs}/${id}`)).data).toMatchObject({
      status: 'completed',
      conclusion: 'success',
      updated_at: first?.endedAt,
    })
  })

  it('show their last attempt, and each attempt separately', async () => {
    const { id } = github.state.startRun(seed)
    github.state.endRun(id, 'failure')
    github.state.startRun(seed, id)
    expect((await question('GET', `${runs}/${id}`)).data).toMatchObject({
      run_attempt: 2,
      status: 'in_progress',
    })
    expect((await question('GET', `${runs}/${id}/attempts/1`)).data).toMatchObject({
      run_attempt: 1,
      conclusion: 'failure',
    })
    expect(await question('GET', `${runs}/${id}/attempts/3`)).toMatchObject({ status: 404 })
  })

  it('are missing, or may not be read', async () => {
    expect(await question('GET', `${runs}/1`)).toMatchObject({ status: 404 })
    github.knobs.actions = false
    expect(await question('GET', `${runs}/1`)).toMatchObject({
      status: 403,
      data: { message: 'Resource not accessible by integration' },
    })
  })
})

describe('what GitHub does not show', () => {
  it('seconds after a merge: the pull requests of a commit', async () => {
    github.knobs.lateAssociation = 1
    expect((await question('GET', `${repo}/commits/merge/pulls`)).data).toEqual([])
    expect((await question('GET', `${repo}/commits/merge/pulls`)).data).toMatchObject([
      { number: 8 },
    ])
  })

  it('on an older server: a field of GraphQL', async () => {
    github.knobs.hiddenFields = ['IssueComment.viewerDidAuthor']
    const id = github.comments[0]?.nodeId
    const query = 'query ($id: ID!) { node(id: $id) { ... on IssueComment { viewerDidAuthor } } }'
    expect(await graphql(query, { id })).toMatchObject({
      errors: [{ message: "Field 'viewerDidAuthor' doesn't exist on type 'IssueComment'" }],
    })
  })
})

describe('faults', () => {
  it('apply the given number of times, and requests are recorded', async () => {
    github.addFault({ match: { method: 'GET', path: /comments/ }, times: 2, do: { status: 503 } })
    const statuses = []
    for (let n = 0; n < 3; n++) statuses.push((await question('GET', comments)).status)
    expect(statuses).toEqual([503, 503, 200])
    expect(github.requests.map(({ method, path, status }) => [method, path, status])).toEqual([
      ['GET', comments, 503],
      ['GET', comments, 503],
      ['GET', comments, 200],
    ])
  })

  it('cut the connection before or after the write', async () => {
    github.addFault({ match: { method: 'POST' }, times: 1, do: 'reset' })
    await expect(question('POST', comments, { body: { body: 'x' } })).rejects.toThrow(
      ConnectionReset,
    )
    expect(github.comments).toHaveLength(1)
    github.addFault({ match: { method: 'POST' }, times: 1, do: 'reset-after-commit' })
    await expect(question('POST', comments, { body: { body: 'x' } })).rejects.toThrow(
      ConnectionReset,
    )
    expect(github.comments).toHaveLength(2)
  })

  it('never answer', async () => {
    github.addFault({ match: {}, do: 'hang' })
    const first = await Promise.race([
      question('GET', repo),
      new Promise((resolve) => setTimeout(() => resolve('nothing'), 50)),
    ])
    expect(first).toBe('nothing')
  })
})
