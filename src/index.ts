#!/usr/bin/env node
// Must be the first import: it handles errors thrown while the other modules load.
import { badProxy, brokenEvent, endProcess } from './job/lastWord.ts'
import { keepHeapSmall } from './job/heap.ts'
import { run } from './main.ts'
import { runTerminal } from './terminal/terminal.ts'

keepHeapSmall()
const args = process.argv.slice(2)
// A runner starts the bundle without arguments and sets inputs or the variables of a job.
const isJob = Object.keys(process.env).some((name) =>
  /^(?:INPUT_|GITHUB_(?:ACTIONS|EVENT_NAME|WORKSPACE)$)/.test(name),
)
if (args.length > 0 || !isJob) await runTerminal(args, badProxy)
else {
  await run(brokenEvent ?? badProxy)
  await endProcess()
}
