import { test as nodeTest, type TestContext } from 'node:test'

/**
 * node:test's `test`, which shows both errors when a body fails and the audit at the server's end fails too. Node's
 * reporter shows neither of the two that a SuppressedError holds.
 */
export function test(name: string, body: (t: TestContext) => Promise<void>): void {
  nodeTest(name, async (t) => {
    try {
      await body(t)
    } catch (error) {
      if (!(error instanceof SuppressedError)) throw error
      const both = [error.suppressed, error.error].map((e) => (e instanceof Error ? (e.stack ?? e.message) : String(e)))
      throw new Error(`${both[0]}\n\nand at the end of the server:\n${both[1]}`, { cause: error.suppressed })
    }
  })
}
