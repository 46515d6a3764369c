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

/** What the file backend takes; every other key is refused. */
export const fileOptions: z.ZodObject<
  {
    directory: z.ZodString
    durability: z.ZodDefault<z.ZodEnum<{ power: 'power'; process: 'process' }>>
    keep: z.ZodDefault<z.ZodInt>
    indent: z.ZodDefault<z.ZodInt>
    envelope: z.ZodDefault<z.ZodBoolean>
    mode: z.ZodOptional<z.ZodType<number, number | string>>
    symlinks: z.ZodDefault<z.ZodEnum<{ follow: 'follow'; replace: 'replace'; reject: 'reject' }>>
    createDirectory: z.ZodDefault<z.ZodBoolean>
  },
  z.core.$strict
> = z.strictObject({
  /** Where the files are; relative to the working directory at the time of opening. */
  directory: z
    .string()
    .min(1)
    .regex(/^[^\0]*$/, 'a path cannot hold a NUL character'),
  /** What an acknowledged commit survives: a power cut, or only the death of the process. */
  durability: z.enum(['power', 'process']).default('power'),
  /** How many previous generations stay beside each file. */
  keep: z.int().min(0).max(9999).default(1),
  /** Spaces per level; 0 for one line. */
  indent: z.int().min(0).max(8).default(2),
  /** `false` writes the bare document, for programs that know nothing of the envelope. */
  envelope: z.boolean().default(true),
  /** Permission bits of every file written. Left out: 0o600 for a new file, else as they were. */
  mode: mode.optional(),
  /** What to do where a state's file is a symbolic link. */
  symlinks: z.enum(['follow', 'replace', 'reject']).default('follow'),
  /** Whether the first commit may create the directory, with mode 0700. */
  createDirectory: z.boolean().default(true),
})

/** The options as a caller gives them. */
export type FileOptions = z.input<typeof fileOptions>

/** The options with every default filled in. */
export type CheckedFileOptions = z.output<typeof fileOptions>
