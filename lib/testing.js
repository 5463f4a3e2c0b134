import './strip.js'

export const { CallError, Device, Person, startTestServer, TestServer } = await import('../src/testing.ts')
