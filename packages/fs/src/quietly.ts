import type { MaybePromise } from './file-system.ts'

/**
 * Cleans up while an error is on its way to the caller: an error of the cleaning is dropped, because
 * it would hide the first one, which tells what happened.
 */
export async function quietly(cleanUp: () => MaybePromise<unknown>): Promise<void> {
  try {
    await cleanUp()
  } catch {
    // dropped, as said above
  }
}
