import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

/** True when there is an `az` on the PATH: looking takes no time, asking a missing one does. */
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
    // Not there, or not to be run: look on.
    return false
  }
}
