import { z } from 'zod'
import { readJson, readMembers } from './workspace.ts'

const path = '.changeset/config.json'
const configSchema = z.looseObject({ fixed: z.array(z.array(z.string())) })

/** Holds when every public package, and nothing else, is released under the one shared version. */
export function releaseGroup(root: string): string[] {
  const { fixed } = configSchema.parse(readJson(root, path))
  if (fixed.length !== 1) return [`${path}: ${fixed.length} fixed groups, there must be one`]
  const group = new Set(fixed.flat())
  const released = new Set(
    readMembers(root)
      .filter(({ manifest }) => !manifest.private)
      .map(({ manifest }) => manifest.name),
  )
  return [
    ...[...released.difference(group)].map((name) => `${path}: ${name} is not in the fixed group`),
    ...[...group.difference(released)].map((name) => `${path}: ${name} is not a public package`),
  ]
}
