import { z } from 'zod'

const mode = z.union(
  [
    z.int().min(0).max(0o7777),
    z
      .string()
      .regex(/^(0o)?[0-7]{1,4}$/)
      .transform((text) => Number.parseInt(text.replace('0o', ''), 8)),
  ],
  { error: 'expected a file mode: an integer, or octal digits in a string such as "0640"' },
)

/** What the journal backend takes; every other key is refused. */
export const journalOptions: z.ZodObject<
  {
    directory: z.ZodString
    durability: z.ZodDefault<z.ZodEnum<{ power: 'power'; process: 'process' }>>
    keep: z.ZodDefault<z.ZodInt>
    compactAfterBytes: z.ZodDefault<z.ZodInt>
    compactAfterRatio: z.ZodDefault<z.ZodNumber>
    inlineSnapshotBytes: z.ZodDefault<z.ZodInt>
    mode: z.ZodOptional<z.ZodType<number, number | string>>
    createDirectory: z.ZodDefault<z.ZodBoolean>
  },
  z.core.$strict
> = z.strictObject({
  /** Where the journals are; relative to the working directory at the time of opening. */
  directory: z
    .string()
    .min(1)
    .regex(/^[^\0]*$/, 'a path cannot hold a NUL character'),
  /** What an acknowledged commit survives: a power cut, or only the death of the process. */
  durability: z.enum(['power', 'process']).default('power'),
  /** How many earlier epochs stay beside the current one. */
  keep: z.int().min(0).max(9999).default(1),
  /** An epoch is compacted when its changes take more bytes than this … */
  compactAfterBytes: z
    .int()
    .min(1)
    .default(64 * 1024),
  /** … and more than this many times its snapshot. */
  compactAfterRatio: z.number().min(0.01).max(1000).default(0.5),
  /** Epochs up to this size are compacted on the calling thread, larger ones by a worker. */
  inlineSnapshotBytes: z
    .int()
    .min(0)
    .default(256 * 1024),
  /** Permission bits of every file written. */
  mode: mode.optional(),
  /** Whether the first commit may create the directory, with mode 0700. */
  createDirectory: z.boolean().default(true),
})

/** The options as a caller gives them. */
export type JournalOptions = z.input<typeof journalOptions>

/** The options with every default filled in. */
export type CheckedJournalOptions = z.output<typeof journalOptions>
