import { testScenarios } from './support/testScenarios.ts'

testScenarios(0, 2)
