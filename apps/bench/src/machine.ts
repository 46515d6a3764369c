import { readFile, statfs } from 'node:fs/promises'
import { cpus, platform, release } from 'node:os'
import { findPackageJSON } from 'node:module'
import { z } from 'zod'

/** What a figure has to be read with: the machine, its disk, and the versions that ran. */
export interface Machine {
  readonly cpu: string
  readonly kernel: string
  readonly fileSystem: string
  readonly versions: Readonly<Record<string, string>>
}

// From linux/magic.h; macOS and Windows number their own, and are shown as the number.
const fileSystemNames: ReadonlyMap<number, string> = new Map([
  [0xef_53, 'ext4'],
  [0x58_46_53_42, 'xfs'],
  [0x91_23_68_3e, 'btrfs'],
  [0x2f_c1_2f_c1, 'zfs'],
  [0xf2_f5_20_10, 'f2fs'],
  [0x79_4c_76_30, 'overlay'],
  [0x01_02_19_94, 'tmpfs'],
  [0x69_69, 'nfs'],
])

const manifestSchema = z.object({ version: z.string() })

/** Describes this machine, the file system that `directory` is on, and the named packages. */
export async function describeMachine(
  directory: string,
  packages: readonly string[],
): Promise<Machine> {
  const { type } = await statfs(directory)
  const processors = cpus()
  const versions: Record<string, string> = { node: process.versions.node }
  for (const name of packages) versions[name] = await packageVersion(name)
  return {
    cpu: `${processors.length} x ${processors[0]?.model ?? 'unknown'}`,
    kernel: `${platform()} ${release()}`,
    fileSystem: fileSystemNames.get(type) ?? `type 0x${type.toString(16)}`,
    versions,
  }
}

async function packageVersion(name: string): Promise<string> {
  const path = findPackageJSON(name, import.meta.url)
  if (path === undefined) throw new Error(`${name} is not installed`)
  return manifestSchema.parse(JSON.parse(await readFile(path, 'utf8'))).version
}
