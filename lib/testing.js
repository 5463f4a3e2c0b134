import './strip.js'

export const { startTestServer } = await import('../src/testing.ts')
