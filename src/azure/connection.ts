export type { Arm } from './arm.ts'
export { connect } from './connect.ts'
