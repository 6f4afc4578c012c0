import { readFile } from 'node:fs/promises'

/**
 * The firmware tag of every Azure virtual machine, which cloud-init uses too
 * (https://github.com/canonical/cloud-init/blob/main/cloudinit/sources/helpers/azure.py).
 */
const azureTag = '7783-7084-3265-9085-8269-3286-77'

/**
 * Whether this is an Azure virtual machine, without a request: elsewhere a request to the metadata
 * address only times out. False if unknown, as on Windows.
 */
export async function isAzureMachine(): Promise<boolean> {
  try {
    const tag = await readFile('/sys/class/dmi/id/chassis_asset_tag', 'utf8')
    return tag.trim() === azureTag
  } catch {
    // No such file: not Linux, or no readable firmware data.
    return false
  }
}
