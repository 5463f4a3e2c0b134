/** Servers for tests: `import { startTestServer } from 'chappe/testing'`. */
export { CallError, Device, Person, startTestServer, type TestOptions, TestServer } from '../test/harness/index.ts'
