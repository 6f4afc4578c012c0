/** Min-heap of ranks; avoids re-sorting thousands of changes. */
export interface Queue {
  push(value: number): void
  /** Removes and returns the smallest value. */
  pop(): number | undefined
}

/** A binary heap. */
export function makeQueue(): Queue {
  const heap: number[] = []
  const at = (index: number): number => heap[index] ?? Infinity
  const swap = (a: number, b: number): void => {
    const kept = at(a)
    heap[a] = at(b)
    heap[b] = kept
  }
  return {
    push(value) {
      let index = heap.push(value) - 1
      for (let parent = (index - 1) >> 1; index > 0 && at(index) < at(parent);) {
        swap(index, parent)
        index = parent
        parent = (index - 1) >> 1
      }
    },
    pop() {
      const [first] = heap
      const end = heap.pop()
      if (first === undefined || end === undefined || heap.length === 0) return first
      heap[0] = end
      for (let index = 0; ;) {
        const [left, right] = [2 * index + 1, 2 * index + 2]
        const least = at(right) < at(left) ? right : left
        if (at(least) >= at(index)) return first
        swap(index, least)
        index = least
      }
    },
  }
}
