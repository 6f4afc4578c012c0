import { keepHeapSmall } from './job/heap.ts'
import { run } from './main.ts'

keepHeapSmall()
await run()
