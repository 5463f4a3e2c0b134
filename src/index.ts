/** The server as a library: `import { startServer } from 'chappe'`. */
export { type Clock, ManualClock, systemClock } from './clock.ts'
export { type Config, ConfigError, type ConfigInput, configOf } from './config.ts'
export type { FloodClass, FloodLimit, Limits } from './limits.ts'
export type { Senders } from './senders/index.ts'
export { type Parts, type Server, startServer } from './server.ts'
