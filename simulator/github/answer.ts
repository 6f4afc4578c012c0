/** A request to GitHub's API, independent of HTTP. */
export interface GitHubRequest {
  /** Upper case. */
  readonly method: string
  /** Without prefix and query, percent-encoded as sent. */
  readonly path: string
  readonly query: URLSearchParams
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface GitHubAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A JSON answer with GitHub's common headers. */
export function json(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): GitHubAnswer {
  return {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'x-github-media-type': 'github.v3; format=json',
      'x-ratelimit-limit': '1000',
      'x-ratelimit-remaining': '999',
      ...headers,
    },
    body: JSON.stringify(value),
  }
}

/** An error in GitHub's shape. */
export function problem(
  status: number,
  message: string,
  errors?: readonly unknown[],
): GitHubAnswer {
  const documentation = {
    documentation_url: 'https://docs.github.com/rest',
    status: String(status),
  }
  return json(status, { message, ...(errors && { errors }), ...documentation })
}

/** The error for an invalid field of a body. */
export function invalid(
  resource: string,
  field: string,
  code: string,
  message?: string,
): GitHubAnswer {
  return problem(422, 'Validation Failed', [{ resource, code, field, ...(message && { message }) }])
}

/** One page of a list, 30 items by default and at most 100, with the links to the others. */
export function page(
  items: readonly unknown[],
  request: GitHubRequest,
  apiUrl: string,
): GitHubAnswer {
  const size = Math.min(Math.max(wholeNumber(request.query.get('per_page'), 30), 1), 100)
  const number = Math.max(wholeNumber(request.query.get('page'), 1), 1)
  const last = Math.max(Math.ceil(items.length / size), 1)
  const link = (to: number, rel: string) => {
    const query = new URLSearchParams(request.query)
    query.set('page', String(to))
    return `<${apiUrl}${request.path}?${query.toString()}>; rel="${rel}"`
  }
  const links = [
    ...(number > 1 ? [link(number - 1, 'prev')] : []),
    ...(number < last ? [link(number + 1, 'next'), link(last, 'last')] : []),
    ...(number > 1 ? [link(1, 'first')] : []),
  ]
  const shown = items.slice((number - 1) * size, number * size)
  return json(200, shown, links.length > 0 ? { link: links.join(', ') } : {})
}

function wholeNumber(text: string | null, otherwise: number): number {
  return text !== null && /^\d+$/.test(text) ? Number(text) : otherwise
}
