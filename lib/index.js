import './strip.js'

export const { configOf, startServer } = await import('../src/index.ts')
