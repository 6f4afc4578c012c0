import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import type { Simulator } from '../../simulator/simulator.ts'

const run = promisify(execFile)

/** Microsoft's command line, signed in to a simulator. */
export interface AzureCli {
  /** Runs `az …` and returns its JSON; fails with its output. */
  readonly az: (...args: readonly string[]) => Promise<unknown>
  readonly close: () => Promise<void>
}

/** True if `az` can be started. */
export async function hasAzureCli(): Promise<boolean> {
  try {
    await run('az', ['version', '--output', 'json'], { env: environment(tmpdir()) })
    return true
  } catch {
    // Not installed or not working: the caller reports that it is skipped.
    return false
  }
}

/**
 * Signs the Azure CLI in to a simulator as a custom cloud. The authority ends in `/adfs`, so that
 * the sign-in library does not query login.microsoftonline.com about it (toolchain, section 11).
 */
export async function signInAzureCli(
  simulator: Simulator,
  subscription: string,
): Promise<AzureCli> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ampl-az-'))
  const env = { ...environment(folder), REQUESTS_CA_BUNDLE: simulator.caFile }
  const az = async (...args: readonly string[]): Promise<unknown> => {
    const { stdout } = await run('az', [...args, '--output', 'json', '--only-show-errors'], { env })
    return stdout.trim() === '' ? undefined : JSON.parse(stdout)
  }
  const { url, tenant } = simulator
  await az(
    ...['cloud', 'register', '--name', 'Simulated'],
    ...['--endpoint-resource-manager', `${url}/`, '--endpoint-management', `${url}/`],
    ...['--endpoint-active-directory', `${url}/adfs`],
    ...['--endpoint-active-directory-resource-id', 'https://management.core.windows.net/'],
    ...['--endpoint-active-directory-graph-resource-id', `${url}/`],
    ...['--endpoint-gallery', `${url}/`, '--endpoint-sql-management', `${url}/`],
    ...['--suffix-storage-endpoint', 'core.local', '--suffix-keyvault-dns', '.vault.local'],
  )
  await az('cloud', 'set', '--name', 'Simulated')
  const client = '00000000-0000-4000-8000-00000000a21c'
  await az(
    ...['login', '--service-principal', '--username', client, '--tenant', tenant],
    ...['--password', 'any'],
  )
  await az('account', 'set', '--subscription', subscription)
  return { az, close: () => rm(folder, { recursive: true, force: true }) }
}

/** Keeps out the caller's own sign-in, colors and telemetry. */
function environment(folder: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    AZURE_CONFIG_DIR: folder,
    AZURE_CORE_COLLECT_TELEMETRY: '0',
    AZURE_CORE_NO_COLOR: '1',
  }
}
