import type { FileContext } from './file-context.ts'
import type { FileTarget } from './file-target.ts'
import { keepCopy } from './keep-copy.ts'

/**
 * Keeps the bytes of the damaged files `paths` under names of their own, with mode 0600: the
 * target's by a second name, since the target is never missing, those of generations by a rename.
 * Does nothing about a file that is gone.
 */
export async function setAside(
  context: FileContext,
  target: FileTarget,
  paths: readonly string[],
  durability: 'power' | 'process',
): Promise<void> {
  const { fileSystem, environment } = context
  for (const path of paths) {
    const quarantine = target.quarantine(environment.now(), environment.token())
    if (path === target.path) await keepCopy(context, target, path, quarantine, durability)
    else await fileSystem.rename(path, quarantine)
    await makePrivate(context, quarantine)
  }
}

async function makePrivate({ fileSystem }: FileContext, path: string): Promise<void> {
  const handle = await fileSystem.open(path, { access: 'read', noFollow: true })
  try {
    if (((await handle.stat()).mode & 0o7777) !== 0o600) await handle.chmod(0o600)
  } finally {
    await handle.close()
  }
}
