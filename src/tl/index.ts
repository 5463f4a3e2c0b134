// Objects of the Telegram API and of MTProto, to bytes and back.
export * from './codec.ts'
export { TlError } from './error.ts'
export type * as mt from './gen/mt-types.ts'
export type * as tl from './gen/types.ts'
export type {
  Constructors,
  ErrorName,
  MethodName,
  Methods,
  Request,
  TlObject,
} from './gen/types.ts'
export { plainOfRich, plainOfText } from './layers/rich-plain.ts'
export { LATEST_LAYER, layerTable, MIN_LAYER } from './layers.ts'
export { errorCode, errorPattern, type MethodInfo, methodInfo, methodInLayer, resultType } from './methods.ts'
export * from './mt.ts'
export { collectPeers, collectPeersApart, type MentionedPeers } from './peers.ts'
export { Reader, type ReadOptions } from './reader.ts'
export { type LayerTable, type WriteFn, Writer, Writer as TlWriter } from './writer.ts'
