/** A number on disk that several processes count up. */
export interface Counter {
  /** Adds one; resolves when that survives what the way of keeping it promises. */
  increment(): Promise<void>
  /** What it stands at. */
  read(): Promise<number>
  close(): Promise<void>
}

/** One way of keeping a counter that several processes share. */
export interface CounterKind {
  /** How it stands in the report, and what a child process is told. */
  readonly name: string
  open(directory: string): Promise<Counter>
}
