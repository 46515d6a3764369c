/** A promise that is settled from outside. */
export class Gate {
  /** Resolves when the gate is opened. */
  readonly opened: Promise<void>
  /** Opens the gate, for good. */
  readonly open: () => void

  constructor() {
    let open!: () => void
    this.opened = new Promise((resolve) => {
      open = resolve
    })
    this.open = open
  }
}
