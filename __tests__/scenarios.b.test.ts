import { testScenarios } from './support/testScenarios.ts'

testScenarios(1, 2)
