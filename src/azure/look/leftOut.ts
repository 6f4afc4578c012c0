import type { Reading, Target } from '../../estate/estate.ts'

/**
 * Keeps data from Resource Graph that the provider's answer omits: a machine's answer doesn't
 * always list its extensions, and a cluster's has the Container insights profile only in preview
 * versions (facts-2, section E).
 */
export function keepOmitted(
  reading: Reading<Target>,
  known: Reading<Target> | undefined,
): Reading<Target> {
  if (reading.state !== 'found' || known?.state !== 'found') return reading
  const { hasAgent, addons } = known.value
  const profile = addons?.filter(({ name }) => name === 'containerInsights') ?? []
  const isNew = !(reading.value.addons ?? []).some(({ name }) => name === 'containerInsights')
  return {
    state: 'found',
    value: {
      ...reading.value,
      ...(reading.value.hasAgent === undefined && hasAgent !== undefined ? { hasAgent } : {}),
      ...(isNew && profile.length > 0
        ? { addons: [...(reading.value.addons ?? []), ...profile] }
        : {}),
    },
  }
}
