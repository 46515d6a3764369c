/** What was begun, and what somebody was told is done: between the two lies what a check allows. */
export interface Operations {
  readonly begun: readonly string[]
  readonly acknowledged: readonly string[]
}

/** Operations in the order in which they were begun and acknowledged, by any process. */
export class OperationLog implements Operations {
  readonly begun: string[] = []
  readonly acknowledged: string[] = []
  /** Both kinds in one order; each with the process. */
  readonly events: {
    readonly kind: 'begun' | 'acknowledged'
    readonly operation: string
    readonly process: number
  }[] = []

  constructor(before: Operations = { begun: [], acknowledged: [] }) {
    this.begun.push(...before.begun)
    this.acknowledged.push(...before.acknowledged)
  }

  begin(operation: string, process: number): void {
    this.begun.push(operation)
    this.events.push({ kind: 'begun', operation, process })
  }

  acknowledge(operation: string, process: number): void {
    this.acknowledged.push(operation)
    this.events.push({ kind: 'acknowledged', operation, process })
  }

  /** `operation` was begun, and has certainly not happened. */
  refuse(operation: string): void {
    this.begun.splice(this.begun.lastIndexOf(operation), 1)
  }

  /** As it stands now. */
  snapshot(): Operations {
    return { begun: [...this.begun], acknowledged: [...this.acknowledged] }
  }
}
