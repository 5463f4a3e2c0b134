export { CallError, Device, Person, unpack } from './person.ts'
export { plain } from './audit.ts'
export { test } from './test.ts'
export { startTestServer, type TestOptions, TestServer } from './server.ts'
