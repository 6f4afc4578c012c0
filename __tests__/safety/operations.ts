import type { Simulator } from '../../simulator/simulator.ts'

/**
 * Ends long-running writes soon after they were accepted, but for a pause; for a simulator whose
 * `scopedWriteMs` is `Infinity`, so that nothing ends by itself.
 */
export function endOperations({ azure }: Simulator): {
  pause(): void
  /** Goes on once somebody has read the scope: whoever comes now finds it Provisioning. */
  resumeOnceSeen(scope: string): void
  stop(): void
} {
  let isPaused = false
  let awaited: { readonly scope: string; readonly from: number } | undefined
  const timer = setInterval(() => {
    const wasSeen =
      awaited === undefined ||
      azure.requests
        .slice(awaited.from)
        .some((r) => r.status === 200 && r.path.toLowerCase() === awaited?.scope)
    if (isPaused && (awaited === undefined || !wasSeen)) return
    isPaused = false
    void azure.finishWrites()
  }, 15)
  return {
    pause: () => {
      isPaused = true
    },
    resumeOnceSeen: (scope) => {
      awaited = { scope, from: azure.requests.length }
    },
    stop: () => clearInterval(timer),
  }
}
