/** The server as a library: `import { startServer } from 'chappe'`. */
export { type Config, ConfigError, type ConfigInput, configOf } from './config.ts'
export type { FloodClass, FloodLimit, Limits } from './limits.ts'
