import { journalOptions } from '@holdfast/journal'
import { z } from 'zod'

const { mode: fileMode, ...journalShape } = journalOptions.shape

/** What the lockfile backend takes: the journal's options, whose `mode` is `fileMode` here, and its own. */
export const lockfileOptions: z.ZodObject<
  Omit<typeof journalOptions.shape, 'mode'> & {
    fileMode: (typeof journalOptions.shape)['mode']
    mode: z.ZodDefault<z.ZodEnum<{ shared: 'shared'; exclusive: 'exclusive' }>>
    wait: z.ZodDefault<z.ZodUnion<readonly [z.ZodLiteral<false>, z.ZodInt]>>
    stale: z.ZodDefault<z.ZodInt>
  },
  z.core.$strict
> = z.strictObject({
  ...journalShape,
  /** Permission bits of every file written. */
  fileMode,
  /** `shared`: any number of writers, none of whom starves. `exclusive`: who has a state open has it to itself. */
  mode: z.enum(['shared', 'exclusive']).default('shared'),
  /** How long, in milliseconds, to wait for a process that has a state to itself; false: not at all. */
  wait: z
    .union([z.literal(false), z.int().min(0)], {
      error: 'expected a number of milliseconds, or false',
    })
    .default(false),
  /** After how long without a sign of life, in milliseconds, a holder that cannot be looked at is passed over. */
  stale: z.int().min(2000).default(3000),
})

/** The options as a caller gives them. */
export type LockfileOptions = z.input<typeof lockfileOptions>

/** The options with every default filled in. */
export type CheckedLockfileOptions = z.output<typeof lockfileOptions>
