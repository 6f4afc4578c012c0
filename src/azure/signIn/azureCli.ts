import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

/** True if `az` is on the PATH. Looking is fast; trying to run a missing one is not. */
export async function hasAzureCli(
  env: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  const path = env['PATH'] ?? env['Path'] ?? ''
  const names = process.platform === 'win32' ? ['az.cmd', 'az.exe'] : ['az']
  for (const folder of path.split(delimiter).filter((part) => part !== '')) {
    for (const name of names) {
      if (await isExecutable(join(folder, name))) return true
    }
  }
  return false
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK)
    return true
  } catch {
    // Missing or not executable: continue.
    return false
  }
}
