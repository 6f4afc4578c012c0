import type { Simulator } from '../../simulator/simulator.ts'

/**
 * Ends long-running writes shortly after they were accepted; for a simulator whose `scopedWriteMs` is
 * `Infinity`, where nothing ends by itself.
 */
export function endOperations({ azure }: Simulator): {
  pause(): void
  /** Continues once the scope has been read as Provisioning. */
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
