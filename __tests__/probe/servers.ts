import { readFileSync } from 'node:fs'
import { startDns, type Zone } from './dnsServer.ts'
import { listenTls } from './tlsServer.ts'

/**
 * The servers of a network namespace, as a separate process: a DNS server, and HTTPS on each
 * address. Prints `ready` when all of them listen.
 */
export interface ServersPlan {
  readonly dns: string
  readonly zone: Zone
  readonly https: readonly {
    readonly address: string
    readonly key: string
    readonly cert: string
  }[]
}

const plan = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as ServersPlan
await startDns(plan.zone, plan.dns, 53)
for (const { address, ...certificate } of plan.https)
  await listenTls(certificate, { status: 200, body: 'Healthy' }, address, 443)
process.stdout.write('ready\n')
