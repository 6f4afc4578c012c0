// Runs the bundled action and copies its log to the file in DEMO_LOG as it is written, because the job's own
// output is only read after the job has ended.
import { appendFileSync } from 'node:fs'

const file = process.env.DEMO_LOG
const write = process.stdout.write.bind(process.stdout)
process.stdout.write = (chunk, ...rest) => {
  appendFileSync(file, chunk)
  return write(chunk, ...rest)
}
await import('../../dist/index.js')
