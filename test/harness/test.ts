import { test as nodeTest, type TestContext, type TestOptions } from 'node:test'

type Body = (t: TestContext) => Promise<void>

/**
 * node:test's `test`, which shows both errors when a body fails and the audit at the server's end fails too. Node's
 * reporter shows neither of the two that a SuppressedError holds.
 */
export function test(name: string, body: Body, options: TestOptions = {}): void {
  nodeTest(name, options, async (t) => {
    try {
      await body(t)
    } catch (error) {
      if (!(error instanceof SuppressedError)) throw error
      const both = [error.suppressed, error.error].map((e) => (e instanceof Error ? (e.stack ?? e.message) : String(e)))
      throw new Error(`${both[0]}\n\nand at the end of the server:\n${both[1]}`, { cause: error.suppressed })
    }
  })
}
