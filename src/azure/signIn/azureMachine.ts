import { readFile } from 'node:fs/promises'

/**
 * What the firmware of every virtual machine of Azure is tagged with; cloud-init knows it by the same
 * (https://github.com/canonical/cloud-init/blob/main/cloudinit/sources/helpers/azure.py).
 */
const azureTag = '7783-7084-3265-9085-8269-3286-77'

/**
 * Whether this is a virtual machine of Azure, told without a request: elsewhere the metadata address answers
 * nobody, and asking it only waits. False where it can't be told, as on Windows.
 */
export async function isAzureMachine(): Promise<boolean> {
  try {
    const tag = await readFile('/sys/class/dmi/id/chassis_asset_tag', 'utf8')
    return tag.trim() === azureTag
  } catch {
    // No such file: no Linux, or no firmware that can be read.
    return false
  }
}
