import type { Reading, Target } from '../../estate/estate.ts'

/**
 * A machine's own answer doesn't always list its extensions, and a cluster's has the profile of Container
 * insights in preview versions only (facts-2, section E): what Resource Graph said of those stays.
 */
export function keepWhatIsLeftOut(
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
