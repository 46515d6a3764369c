export { applyPatches } from './apply-patches.ts'
