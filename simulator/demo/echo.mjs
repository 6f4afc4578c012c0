// Runs the bundled action and writes a copy of its log to the file that DEMO_LOG names, as it comes:
// the job's own output is read only when the job has ended.
import { appendFileSync } from 'node:fs'

const file = process.env.DEMO_LOG
const write = process.stdout.write.bind(process.stdout)
process.stdout.write = (chunk, ...rest) => {
  appendFileSync(file, chunk)
  return write(chunk, ...rest)
}
await import('../../dist/index.js')
