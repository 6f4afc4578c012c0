import { keepHeapSmall } from './job/heap.ts'
import { run } from './main.ts'
import { runTerminal } from './terminal/terminal.ts'

keepHeapSmall()
const args = process.argv.slice(2)
// A runner starts the bundle without arguments.
if (args.length > 0) await runTerminal(args)
else await run()
