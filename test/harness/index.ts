export { plain } from './audit.ts'
export { CallError, Device, Person, unpack } from './person.ts'
export { startTestServer, type TestOptions, TestServer } from './server.ts'
export { test } from './test.ts'
