import { describe, it } from 'node:test'
import { backendConformance } from '../../src/index.ts'
import { damage, listPlace } from './list-backend.ts'

const isBroken = process.argv.includes('--broken')

backendConformance({
  describe,
  it,
  setup: () => listPlace((backend) => (isBroken ? { ...backend, location: '' } : backend)),
  damage,
})
