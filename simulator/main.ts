import { readFile } from 'node:fs/promises'
import { type EstateSeed, type GitHubSeed, type Knobs, startSimulator } from './simulator.ts'

/** Starts a simulator from a file and prints the environment variables for clients: `npm run simulate -- estate.json`. */
async function main(): Promise<void> {
  const file = process.argv[2]
  if (file === undefined) {
    throw new Error('Name the seed file: npm run simulate -- estate.json')
  }
  const seed = JSON.parse(await readFile(file, 'utf8')) as EstateSeed & {
    readonly knobs?: Partial<Knobs>
    readonly github?: GitHubSeed
  }
  const { knobs, github, ...estate } = seed
  const simulator = await startSimulator({
    estate,
    ...(knobs ? { knobs } : {}),
    ...(github ? { github } : {}),
  })
  const variables = {
    AZURE_CLOUD: simulator.url,
    AZURE_TENANT_ID: simulator.tenant,
    AZURE_CLIENT_ID: estate.clients?.[0]?.clientId ?? estate.federated?.[0]?.clientId ?? '',
    NODE_EXTRA_CA_CERTS: simulator.caFile,
    REQUESTS_CA_BUNDLE: simulator.caFile,
    ACTIONS_ID_TOKEN_REQUEST_URL: simulator.oidc.requestUrl,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: simulator.oidc.requestToken,
    ...(github ? { GITHUB_API_URL: simulator.githubUrl } : {}),
  }
  for (const [name, value] of Object.entries(variables)) {
    process.stdout.write(`export ${name}='${value}'\n`)
  }
  process.stdout.write('# Running. End with Ctrl-C.\n')
  process.once('SIGINT', () => {
    void simulator.close()
  })
}

await main()
