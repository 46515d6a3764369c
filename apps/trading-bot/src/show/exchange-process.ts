import { ChildFailure } from '../child-failure.ts'
import { startChild, type Child } from './child.ts'
import { ExchangeReport } from '../exchange/exchange-report.ts'

type Request = Extract<ExchangeReport, { kind: 'request' }>

export interface ExchangeProcessOptions {
  /** Arguments of the command `exchange`. */
  readonly args: readonly string[]
  readonly cache: string
  readonly onRequest: (request: Request) => void
}

/** The exchange, in its own process. */
export class ExchangeProcess {
  readonly url: string
  readonly #child: Child

  private constructor(url: string, child: Child) {
    this.url = url
    this.#child = child
  }

  /**
   * Starts an exchange, and waits until it listens.
   * @throws ChildFailure when it ends before.
   */
  static async start({ args, cache, onRequest }: ExchangeProcessOptions): Promise<ExchangeProcess> {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const child = startChild(['exchange', ...args], cache, (message) => {
      const report = ExchangeReport.parse(message)
      if (report.kind === 'listening') resolve(report.url)
      else onRequest(report)
    })
    child.end.then((end) => reject(new ChildFailure('exchange', end.exitCode, end.stderr)), reject)
    return new ExchangeProcess(await promise, child)
  }

  /** Ends it and waits until it has. */
  async stop(): Promise<void> {
    this.#child.process.kill('SIGTERM')
    await this.#child.end
  }
}
