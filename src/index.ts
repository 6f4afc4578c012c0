import { keepHeapSmall } from './heap.ts'
import { run } from './main.ts'

keepHeapSmall()
await run()
