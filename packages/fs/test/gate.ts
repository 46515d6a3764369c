/** A place where a call is held up until the test lets it go on. */
export interface Gate {
  /** For the call: arrives, and waits until the gate is open. */
  pass(): Promise<void>
  /** Resolves when the first call has arrived. */
  readonly reached: Promise<void>
  open(): void
}

/** A gate that is closed. */
export function closedGate(): Gate {
  let arrive!: () => void
  let open!: () => void
  const reached = new Promise<void>((resolve) => {
    arrive = resolve
  })
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return {
    reached,
    pass() {
      arrive()
      return opened
    },
    open: () => open(),
  }
}
