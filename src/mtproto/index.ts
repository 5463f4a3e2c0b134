// MTProto: the outside of this folder.
export { type BindMessage, openBindMessage } from './bind.ts'
export { createMtproto } from './create.ts'
export { authKeyId } from './crypto.ts'
export { gunzip } from './gzip.ts'
export type {
  AuthKey,
  MtprotoHost,
  MtprotoLog,
  MtprotoMetrics,
  MtprotoOptions,
  MtSession,
  Outgoing,
  Remote,
  Request,
  SessionEvent,
} from './host.ts'
export { createRsaKey, loadRsaKey, type RsaKey, rsaFingerprint } from './rsa.ts'
export type { Mtproto } from './server.ts'
