export { type Bus, BusError, type BusState } from './bus.ts'
export { LocalBus, LocalWire } from './local.ts'
export { connectNats } from './nats.ts'
