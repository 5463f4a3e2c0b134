import './strip.js'

export const { ConfigError, configOf, ManualClock, startServer, systemClock } = await import('../src/index.ts')
